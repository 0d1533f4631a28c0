"""Children and families who achieve something, with consent."""
