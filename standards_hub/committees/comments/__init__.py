"""Comments on drafts: sheets in and out, their disposition, and public enquiry."""
