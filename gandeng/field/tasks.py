"""Once a day, photos that no entry names go."""

from procrastinate.contrib.django import app

from gandeng.field.actions.tidying import drop_unnamed


@app.periodic(cron="41 19 * * *")
@app.task(name="gandeng.field_photos", queue="jobs", queueing_lock="gandeng.field_photos")
def drop_unnamed_daily(timestamp: int) -> None:  # noqa: ARG001 (the queue says when it meant the task to run)
    """At 02.41 WIB."""
    drop_unnamed()
