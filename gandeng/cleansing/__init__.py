"""Records of the registry that are incomplete or do not fit together: found each night, put right by requests."""
