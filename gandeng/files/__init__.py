"""Files in and out: read whole or not at all, in a child process, as canonical Parquet with every fault told."""
