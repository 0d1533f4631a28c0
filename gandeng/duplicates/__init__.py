"""People who may stand in the registry twice: found by a search, judged by people."""
