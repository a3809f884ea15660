"""What happened in a story, as far as its words tell: the turn that a case took, and the day on which it did.

A follow-up has the same names, the same place and the same past as the story before it; its first sentences tell
another turn of the case, on another day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

from digest.edit.words import stem

_TURNS = {
    "charged": "charge charges charged charging indict indicted indictment accuse accused accuses acusado imputado"
    " angeklagt anklage inculpé inculpée اتهام",
    "arrested": "arrest arrested arrests detained handcuffs custody detenido detenida arrêté arrêtée verhaftet"
    " festgenommen اعتقال اوقف",
    "sued": "sue sues sued suing lawsuit suit complaint challenge challenged demanda demandan demandó querella plainte"
    " assigne klagt klagen verklagt دعوى",
    "heard": "hearing hearings argue argued argues arguments questioned debated testified testifies testimony witness"
    " opening juicio vista audience verhandlung جلسة",
    "pleaded": "plead pleads pleaded pled plea",
    "convicted": "convict convicts convicted conviction guilty condenado condenada condenan condenó condamné condamnée"
    " condamne condamnation verurteilt schuldig ادان",
    "acquitted": "acquit acquits acquitted acquittal clears cleared exonerated absuelto absuelta absuelven absolvió"
    " relaxé relaxée relaxe acquitté acquittée freigesprochen freispruch براءة",
    "awarded": "verdict award awards awarded wins won damages indemnización dommages schadenersatz تعويض",
    "sentenced": "sentence sentences sentenced sentencing prison bewährung bewährungsstrafe haft peine",
    "ruled": "rule rules ruled ruling uphold upholds upheld strikes struck decide decides decided decision overturn"
    " overturns overturned reverse reversed invalid void sides orders ordered anula anuló anulada avala fallo annule"
    " annulé jugé kippt kippte nichtig ungültig entschied entschieden urteil الغت ابطلت يبطل تلغي امرت تعيد",
    "blocked": "block blocks blocked halt halts halted injunction barred bars bar restrain restraining stop stops"
    " stopped suspend suspends suspended suspende suspendido suspendiera frena frenado paraliza suspendu gestoppt",
    "stayed": "stay stays stayed pause paused pauses",
    "appealed": "appeal appeals appealed appealing petition petitioned recurre recurren recurrió recurrirá recurso"
    " appel berufung revision تستانف استئناف استانفت",
    "settled": "settle settles settled settlement deal accord agree agrees agreed agreement acuerdo accord vergleich"
    " تسوية",
    "fined": "fine fines fined penalty penalties multa multan multó amende geldbuße bußgeld غرامة",
    "reduced": "cut cuts reduce reduces reduced lower lowers lowered rebaja rebajó reduce réduit halbiert",
    "dropped": "drop drops dropped dismiss dismisses dismissed withdraw withdrawn abandon abandons abandoned collapses"
    " scrapped retira retirada abandonne eingestellt",
    "resigned": "resign resigns resigned resignation quits quit retire retires retired dimite dimitió renuncia"
    " démissionne démission rücktritt استقال استقالة",
    "approved": "approve approves approved approval passes passed adopts adopted enacted aprueba aprobó adopte adopté"
    " beschloss beschlossen اقر",
    "proposed": "propose proposes proposed proposal bill introduces introduced seeks proposición propose vorschlag",
    "elected": "elected elects election sworn elegido elegida élu élue gewählt انتخب",
    "died": "dies died dead death killed kills murió muere mort meurt stirbt gestorben توفي وفاة",
    "freed": "freed free frees released release walks liberado libéré freigelassen افرج",
    "recovered": "recovered returned returns rescued saved hallado hallada retrouvé gefunden",
    "closed": "close closes closed shut shuts cierra cerrado ferme fermé geschlossen gesperrt",
    "opened": "open opens opened reopens reopened resume resumes abre abierto ouvre ouvert eröffnet",
    "ended": "end ends ended finished termina terminó fin beendet",
}
# A court is no turn: `appeals court`, `court of appeals`.
_COURTS = frozenset({stem("court"), stem("judge"), stem("judges"), stem("panel")})
_APPEAL = stem("appeals")
_DAYS = {
    stem(word): number
    for number, words in enumerate(
        (
            "monday lunes lundi montag الاثنين",
            "tuesday martes mardi dienstag الثلاثاء",
            "wednesday miércoles mercredi mittwoch الاربعاء",
            "thursday jueves jeudi donnerstag الخميس",
            "friday viernes vendredi freitag الجمعة",
            "saturday sábado samedi samstag السبت",
            "sunday domingo dimanche sonntag الاحد",
        )
    )
    for word in words.split()
}
_MONTHS = {
    stem(word): number
    for number, words in enumerate(
        (
            "january jan enero janvier januar يناير",
            "february feb febrero février februar فبراير",
            "march marzo mars märz مارس",
            "april abril avril ابريل",
            "may mayo mai مايو",
            "june junio juin juni يونيو",
            "july julio juillet juli يوليو",
            "august aug agosto août اغسطس",
            "september sept septiembre septembre سبتمبر",
            "october oct octubre octobre oktober اكتوبر",
            "november nov noviembre novembre نوفمبر",
            "december dec diciembre décembre dezember ديسمبر",
        ),
        start=1,
    )
    for word in words.split()
}


@lru_cache(maxsize=1)
def _turn_of() -> dict[str, str]:
    return {stem(word): turn for turn, words in _TURNS.items() for word in words.split()}


def turns(words: Sequence[str]) -> frozenset[str]:
    """The turns that a run of stems tells of: `charged`, `ruled`, `appealed` …"""
    found = {turn for word in words if word != _APPEAL and (turn := _turn_of().get(word))}
    if any(word == _APPEAL and not _is_of_court(words, place) for place, word in enumerate(words)):
        found.add("appealed")
    return frozenset(found)


def months_named(words: Iterable[str]) -> frozenset[int]:
    """The months that stems name, 1 to 12."""
    return frozenset(_MONTHS[word] for word in words if word in _MONTHS)


def days(words: Iterable[str], dated: date) -> frozenset[date]:
    """The days that weekdays name, each the last such day up to the one after `dated` (a story may be dated before
    midnight in another time zone)."""
    return frozenset(_last(_DAYS[word], dated) for word in words if word in _DAYS)


def _last(weekday: int, dated: date) -> date:
    latest = dated + timedelta(days=1)
    return latest - timedelta(days=(latest.weekday() - weekday) % 7)


def _is_of_court(words: Sequence[str], place: int) -> bool:
    return bool(_COURTS & set(words[max(0, place - 2) : place + 2]))
