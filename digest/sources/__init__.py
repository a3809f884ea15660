"""Sources: feed addresses go in, entries come out, untrusted and complete.

    address ──► FETCH ──► DOCUMENT ──► RSS or JSON FEED ──► ENTRIES ──► FetchedSource
                bytes      mended XML    items as they came    Entry

`gather.FeedReader` reads many sources at once and gives one `FetchedSource` for each, in order; `site.looking` finds
what a site offers. The rest is steps of that line:

    fetch, answers, links    one address to bytes: conditional GET, redirects, what an answer is and where it leads
    files                    an address that is a file on this machine
    strangers, patience      whom we may ask, and what a fetch may take: seconds, and bytes over the wire
    manners, robots          how requests to a host take turns, and what a site lets programs read
    backoff                  how long a source that fails is left alone
    complaints               what went wrong with a fetch, in words
    encodings, document      bytes to XML that is safe to parse: UTF-8, no DOCTYPE, bounded
    mend, newest             broken entities mended, a story cut short dropped, of too many items the newest
    rss, media, jsonfeed     the dialects: one item of a feed to an `Item`
    parse                    which dialect it is
    entries, identity        an `Item` to a `model.Entry`: clean texts, absolute links, one identity each
    texts, dates, pictures   one field each
    articles                 what a story's own page says of it; pages that an editor named

Nothing is imported here: feedparser alone costs 100 ms, which `digest --help` must not pay.
"""
