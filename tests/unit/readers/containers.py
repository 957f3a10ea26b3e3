"""Readers of what reports come in: pages, mail, feeds, threat intelligence, and the look that tells them apart."""

from tests.unit.readers.faults import Reader, as_json

from tocsin.intake import container, read_feed, read_html, read_mail, read_shared

WORDS = "Security alert: militants may strike hotels in Nairobi on 9 March 2024; avoid crowds and follow local media."
PAGE = f"<html><head><title>Notice</title></head><body><article><p>{WORDS}</p></article></body></html>".encode()
MAIL = f"From: a@one.example\nTo: b@two.example\nSubject: alert\nDate: Thu, 7 Mar 2024 18:20:00 +0000\n\n{WORDS}\n".encode()
FEED = (
    f'<rss version="2.0"><channel><title>Alerts</title><item><title>Nairobi</title><description>{WORDS}</description>'
    "<link>https://one.example/1</link></item></channel></rss>"
).encode()
BUNDLE = as_json(
    {"type": "bundle", "id": "bundle--1", "objects": [{"type": "report", "name": "Nairobi", "description": WORDS}]}
)
DAMAGED = "what is left is read: a page, a mail or a feed comes from programs that write them carelessly"
LENIENT = {
    "cut off in the middle": DAMAGED,
    "in UTF-16": DAMAGED,
    "a byte that is no UTF-8": DAMAGED,
    "a surrogate as UTF-8": DAMAGED,
    "a NUL byte": DAMAGED,
    "a byte order mark": "editors write the mark before UTF-8",
    "a DOCTYPE": "a page has one",
}

CONTAINERS: tuple[Reader, ...] = (
    Reader(
        name="intake.read_html.read_html",
        read=read_html.read_html,
        valid=PAGE,
        names="page",
        limit=read_html.MAX_BYTES,
        takes=LENIENT,
    ),
    Reader(
        name="intake.read_mail.read_mail",
        read=read_mail.read_mail,
        valid=MAIL,
        names="mail",
        limit=read_mail.MAX_BYTES,
        takes=LENIENT,
    ),
    Reader(
        name="intake.read_feed.read_feed",
        read=read_feed.read_feed,
        valid=FEED,
        names="feed",
        limit=read_feed.MAX_BYTES,
        format="xml",
        takes={fault: why for fault, why in LENIENT.items() if fault not in {"a DOCTYPE", "in UTF-16"}},
    ),
    Reader(
        name="intake.read_shared.read_shared",
        read=read_shared.read_shared,
        valid=BUNDLE,
        names="JSON",
        limit=read_shared.MAX_BYTES,
        format="json",
        twice=b'"type": "bundle",',
        text=b"Nairobi",
        takes={
            "a key twice": "the last one counts, as in every reader of STIX",
            "a lone surrogate, escaped": "it is a word that no place has",
        },
    ),
    Reader(
        name="intake.container.read_container",
        read=container.read_container,
        valid=WORDS.encode(),
        names="text|page|report",
        limit=container.MAX_BYTES,
        takes={
            "cut off in the middle": "half a text is a text",
            "in UTF-16": "its mark says so",
            "a byte order mark": "editors write the mark before UTF-8",
        },
    ),
)
