"""Reading what reaches us: bytes in, frozen dataclasses out; no database."""
