"""Running an office: the embedded database, the web server, the worker, backups."""
