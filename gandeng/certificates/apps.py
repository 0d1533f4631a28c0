"""The app."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Skills of staff and the certificates that show them."""

    name = "gandeng.certificates"
    label = "certificates"

    def ready(self) -> None:
        """Name the long work, the part of the page about somebody, and what plans of the caseload ask."""
        from gandeng.audit.facts import register_fact
        from gandeng.certificates import for_families, jobs, sections  # noqa: F401 (models are ready only now)
        from gandeng.facilitators.models import Post
        from gandeng.facilitators.skills import register_skills
        from gandeng.facilitators.staff_sections import register_staff_section

        register_fact("for_roles", lambda roles: ", ".join(str(Post.Role(one).label) for one in roles))
        register_skills(for_families.wanted, for_families.able)
        register_staff_section(40, sections.of_staff)
