"""Long work with progress: who asked for it, how far it is, where its result is."""
