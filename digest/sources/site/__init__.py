"""Sites beyond their feeds: what a site offers, its WordPress interface, its sitemaps."""
