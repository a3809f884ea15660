"""Sources: addresses go in, entries come out, untrusted and complete.

    Source ──► GATHER ──► READING ──► adapter ──► ASKING ──► FETCH        web/
               threads    which way   history     conditions  one answer
                                      wordpress
                                      sitemap        │
                                      pages          ▼
    FetchedSource ◄── ENTRIES ◄── items of a dialect ◄── DOCUMENT         feeds/, site/, articles/
                       Entry        rss, jsonfeed, posts    safe XML

`gather.FeedReader` reads many sources at once and gives one `FetchedSource` for each, as it is read. `seam` says what
an adapter is and how it asks; `reading` which one reads a source.

    web/         one address to an answer: limits, manners, strangers' addresses, robots.txt, words for failures
    feeds/       feeds of every dialect; their past, page by page (`history`); parsing on every processor (`workers`)
    site/        WordPress's REST interface, sitemaps, and what a site offers
    articles/    what a story's own page says of it; pages that an editor named
    coverage                       since when every story is in the store, and whether that covers the week
    entries, identity              an item of whatever dialect to a `model.Entry`, with one identity each
    texts, dates, pictures         one field each
    picture_files, opml, safe_xml  pictures' files; lists of feeds; XML that can do no harm

Nothing is imported here: feedparser alone costs 100 ms, which `digest --help` must not pay.
"""
