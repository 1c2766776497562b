"""The papers of a meeting: notice, agenda, signature sheet and minutes as DOCX and PDF, and everything as one bundle."""
