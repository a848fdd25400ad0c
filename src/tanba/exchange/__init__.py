"""The register as a table: XLSX, CSV and JSON (`tanba.register/1`), in and out. Pure: bytes in, entries and problems out, and back."""
