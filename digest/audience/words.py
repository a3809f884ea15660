"""What lists call their columns, and what they write in them, after `plain`: small letters and digits alone.

Layouts known by their documentation: Mailchimp, Substack, Ghost, Kit, MailerLite, Buttondown, Shopify, WordPress,
Google Contacts, Outlook. A list in a language that is not here still works: the column that holds addresses is found
by looking.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ADDRESS = (
    "email", "emailaddress", "emailaddresses", "subscriberemail", "useremail", "contactemail", "primaryemail",
    "emailid", "mail", "mailaddress", "email1", "email1value", "emailvalue", "emailaddress1",
    "correo", "correoelectronico", "direcciondecorreo", "direcciondecorreoelectronico", "direccionemail",
    "courriel", "adresseemail", "adressemail", "adresseelectronique", "adressecourriel", "adressedemessagerie",
    "emailadresse", "mailadresse", "indirizzoemail", "postaelettronica", "enderecodeemail", "emailadres",
)  # fmt: skip
"""Names of the column of addresses, the likeliest first."""

FULL_NAME = frozenset({"fullname", "displayname", "nombrecompleto", "nomcomplet", "vollername", "nomecompleto"})
NAME = frozenset({"name", "nombre", "nom", "nome", "naam", "subscribername", "contactname"})
"""The whole name, or the half of it that the other column does not have: "Name" beside "Vorname"."""
FIRST_NAME = frozenset({"firstname", "givenname", "fname", "forename", "first"})
FIRST_NAME_BESIDE_NAME = frozenset({"vorname", "prenom", "voornaam", "nombredepila"})
"""First names in languages whose plain "name" means the family's when both stand side by side."""
LAST_NAME = frozenset({
    "lastname", "surname", "familyname", "lname", "last", "apellido", "apellidos", "nomdefamille", "nachname",
    "familienname", "cognome", "achternaam", "sobrenome", "apelido",
})  # fmt: skip

CATEGORIES = frozenset({
    "category", "categories", "section", "sections", "topic", "topics", "interest", "interests",
    "categoria", "categorias", "seccion", "secciones", "rubrique", "rubriques", "rubrik", "rubriken", "themen", "temas",
})  # fmt: skip

TIMEZONE = frozenset({
    "timezone", "tz", "timezonename", "timezoneid", "ianatimezone", "olsontimezone", "tzname", "zeitzone",
    "fuseauhoraire", "fuseau", "zonahoraria", "husohorario", "husohorarios", "fusohorario", "fusoorario", "tijdzone",
})  # fmt: skip

LANGUAGE = frozenset({
    "language", "lang", "locale", "preferredlanguage", "languagecode", "idioma", "lengua", "langue", "sprache",
    "lingua", "taal",
})  # fmt: skip

RHYTHM = frozenset({
    "rhythm", "frequency", "emailfrequency", "howoften", "frecuencia", "frequence", "frequenz", "haufigkeit",
})  # fmt: skip
MONTHLY = frozenset({"monthly", "month", "everymonth", "oncemonthly", "mensual", "mensuel", "mensile", "monatlich"})

NO_LETTER = frozenset({
    "emaildisabled", "disabled", "unsubscribed", "unsubscribe", "unsubscribedat", "unsubscribedate", "unsubtime",
    "unsubscribetime", "optedout", "optout", "emailoptout", "optedoutofemail", "optouttime", "hasoptedoutofemail",
    "bounced", "hardbounced", "bouncedat", "cleaned", "cleantime", "suppressed", "blocked", "blocklisted",
    "blacklisted", "donotemail", "donotmail", "donotcontact", "complained", "markedasspam", "deleted", "deletedat",
    "abgemeldet", "desabonne", "desinscrit", "dadodebaja", "baja",
})  # fmt: skip
"""Columns in which anything but a no means: no letter. A date does too, the day on which they said so."""

LETTER = frozenset({
    "subscribed", "issubscribed", "subscribedtoemails", "optedin", "optin", "consent", "emailconsent", "emailoptin",
    "acceptsmarketing", "acceptsemailmarketing", "newsletter", "emailmarketingconsent", "acceptsemail",
})  # fmt: skip
"""Columns in which a no means: no letter. An empty cell says nothing."""

STATUS = frozenset({
    "status", "memberstatus", "subscriptionstatus", "subscriberstatus", "emailstatus", "state", "contactstatus",
    "emailmarketingstatus", "emailsubscriptionstatus", "subscribertype", "estado", "statut",
})  # fmt: skip
REFUSING_STATUS = frozenset({
    "unsubscribed", "unsub", "notsubscribed", "nonsubscribed", "cleaned", "bounced", "hardbounced", "hardbounce",
    "disabled", "inactive", "cancelled", "canceled", "complained", "complaint", "spam", "junk", "spamcomplaint",
    "blocked", "blocklisted", "blacklisted", "suppressed", "optedout", "optout", "removed", "deleted", "archived",
    "undeliverable", "unreachable", "invalid", "pending", "unconfirmed", "unactivated", "transactional", "donotcontact",
    "abgemeldet", "desabonne", "desinscrit", "baja", "dadodebaja", "cancelado",
})  # fmt: skip
"""What a column of states says of somebody who said no, cannot be reached, or has never confirmed."""

NEVER_CONFIRMED = frozenset({
    "pending", "unconfirmed", "unactivated", "transactional", "nonsubscribed", "notsubscribed",
})  # fmt: skip
"""States of somebody who has not said yes, and not no either."""
COMPLAINED = frozenset({"complained", "complaint", "markedasspam", "spam", "spamcomplaint", "junk"})
BOUNCED = frozenset({
    "bounced", "bouncedat", "hardbounced", "hardbounce", "cleaned", "cleantime", "undeliverable", "invalid",
})  # fmt: skip
UNREACHABLE = frozenset({"unreachable"})
BY_HAND = frozenset({"suppressed", "blocked", "blocklisted", "blacklisted", "donotcontact", "donotmail", "donotemail"})
"""States and names of columns by what they say no for. Of all others it is that somebody unsubscribed."""

NO = frozenset({
    "", "0", "00", "false", "f", "no", "n", "off", "never", "none", "null", "nil", "nan", "na", "falsch", "nein", "non",
    "faux", "falso",
})  # fmt: skip


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """The small letters and digits of a text, without accents: ` E-Mail ` is `email`, `Prénom` is `prenom`."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())
