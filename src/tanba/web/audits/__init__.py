"""Audits: engagements with a scope and a last day, checks, findings and answers, and what auditors opened."""
