"""User agreements: drafts from facts, an officer's words, published versions, and receipts that they were shown and accepted."""
