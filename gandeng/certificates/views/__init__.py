"""Pages: certificates, needs, skills, the public page."""
