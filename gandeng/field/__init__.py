"""The door of the phones in the field: devices, caseload, photos, entries that arrive in any order and count once."""
