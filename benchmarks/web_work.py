"""What the measured processes of the web benchmarks do; Django is imported once the office is there."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

Answer = tuple[int, dict[str, object]]
Work = Callable[[], Answer]


def web_data(inputs: Mapping[str, str]) -> Work:
    """The files of `benchmarks.web_data`, unless the cache has them."""
    from benchmarks.web_data import make

    return lambda: (make(Path(inputs["folder"]), int(inputs["families"])), {})


def web_stage(inputs: Mapping[str, str]) -> Work:
    """Intake, lists and reconciliation in a fresh office; the facts say what each took."""
    from benchmarks.web_office import new_office

    def work() -> Answer:
        with new_office(Path(inputs["out"])) as office:
            from benchmarks import web_stage

            return web_stage.go_through(office, Path(inputs["data"])), {**office.facts}

    return work


def web_one_by_one(inputs: Mapping[str, str]) -> Work:
    """The same, one object at a time, on few rows."""
    from benchmarks.web_office import new_office

    def work() -> Answer:
        with new_office(Path(inputs["out"])) as office:
            from benchmarks import web_one_by_one

            objects = int(inputs["objects"])
            return web_one_by_one.go_through(office, Path(inputs["data"]), objects), {**office.facts}

    return work


def web_site(inputs: Mapping[str, str]) -> Work:
    """The site of the try-out, filled with a province of so many families, left in its folder."""
    from benchmarks.web_office import new_office

    families, folder = int(inputs["families"]), Path(inputs["out"])

    def work() -> Answer:
        from benchmarks.web_data import make_province

        with new_office(folder, kept=True):
            registry, reports = make_province(folder / "province", families)
            from gandeng.home.filling import fill

            fill(registry, reports, lambda _step, _done, _total: None)
        return families, {}

    return work


def web_pages(inputs: Mapping[str, str]) -> Work:
    """The crawl of a site; its pages and long lists go to the file `told`: more than a pipe holds."""
    from benchmarks.web_office import joined_office

    def work() -> Answer:
        with joined_office(Path(inputs["site"])):
            from benchmarks import web_pages

            found = web_pages.everything(int(inputs["most"]))
        Path(inputs["told"]).write_text(json.dumps(found), encoding="utf-8")
        return len(found["pages"]), {}

    return work


def web_requests(inputs: Mapping[str, str]) -> Work:
    """A server on the site, and requests for the pages a short crawl has found, as everybody who found them."""
    from benchmarks.web_office import joined_office

    site = Path(inputs["site"])

    def work() -> Answer:
        with joined_office(site):
            from django.conf import settings

            from benchmarks import web_pages, web_requests

            pages = []
            known: set[str] = set()
            for visitor in web_pages.everybody():
                cookie = f"{settings.SESSION_COOKIE_NAME}={visitor.client.cookies[settings.SESSION_COOKIE_NAME].value}"
                addresses = [seen.address for seen in web_pages.crawl(visitor, 2, known)]
                pages += [{"address": address, "cookie": cookie} for address in addresses]
            with web_requests.serve(site / "server.log") as port:
                plan = {"port": port, "pages": pages, "seconds": float(inputs["seconds"])}
                found = web_requests.ask_from_another_process(plan, site)
        return int(found["requests"]), {**found, "pages": len(pages)}

    return work


def web_logins(inputs: Mapping[str, str]) -> Work:
    """People who sign in at a rate, then as fast as they get in; and the first page alone, to weigh a login by."""
    from benchmarks.web_office import joined_office

    site, rate, seconds = Path(inputs["site"]), float(inputs["rate"]), float(inputs["seconds"])

    def work() -> Answer:
        os.environ["GANDENG_BEHIND_PROXY"] = "1"
        with joined_office(site) as office:
            from benchmarks import web_logins, web_requests

            steady, crowd = int(rate * seconds), int(rate * seconds / 2)
            password = "kuda nil makan siang"  # noqa: S105 (of a site that is thrown away)
            people = web_logins.make_people(1 + steady + crowd, password)
            plan = {"password": password, "rate": 0}
            found: dict[str, object] = {}
            with web_requests.serve(site / "server.log") as port:
                plan["port"] = port
                asked = {
                    "warm": {"people": people[:1], "pages": 50},
                    "page": {"people": people[:1], "pages": 200},
                    "steady": {"people": people[1 : 1 + steady], "rate": rate},
                    "crowd": {"people": people[1 + steady :]},
                }
                for part, more in asked.items():
                    before = office.server_cpu() + web_requests.site_cpu()
                    told = web_logins.ask_from_another_process(plan | more, site)
                    told["cpu"] = office.server_cpu() + web_requests.site_cpu() - before
                    found |= {f"{part} {name}": value for name, value in told.items()}
        return steady, found

    return work


def web_plans(inputs: Mapping[str, str]) -> Work:
    """Plans of a site's pages before and after the nation grows around its province; they go to the file `told`."""
    from benchmarks.web_office import NAME, joined_office

    copies = int(inputs["copies"])

    def work() -> Answer:
        with joined_office(Path(inputs["site"])) as office:
            import psycopg

            from benchmarks import web_elsewhere, web_plans

            with psycopg.connect(office.server.get_uri(NAME), autocommit=True) as con:
                web_elsewhere.settle(con)

                def grow() -> None:
                    web_elsewhere.fill_elsewhere(con, copies)
                    web_elsewhere.settle(con)

                found = web_plans.measure(grow)
        Path(inputs["told"]).write_text(json.dumps(found), encoding="utf-8")
        return len(found["pages"]), {}

    return work


TASKS = {
    task.__name__: task
    for task in (
        web_data, web_stage, web_one_by_one, web_site, web_pages, web_requests, web_logins, web_plans,
    )
}  # fmt: skip
