"""Pages under /kinerja/."""
