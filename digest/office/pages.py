"""The readers' pages: what each of them is written with."""

from __future__ import annotations

from digest.audience.tokens import Tokens
from digest.clock import Clock
from digest.office.back_issues import BackIssues
from digest.office.errands import Errands
from digest.office.feedback import Feedback
from digest.office.keyring import Keyring
from digest.office.letters_to_one import LettersToOne
from digest.record.archive import Archive
from digest.record.store import Store
from digest.render.languages import shipped_languages
from digest.render.pages import StyleSheet, root_of, style_sheet, write_page, write_still
from digest.settings import Settings


class Pages:
    """The pages of one publication. Threads may share it."""

    def __init__(self, settings: Settings, store: Store, archive: Archive, clock: Clock) -> None:
        self.settings = settings
        self.store = store
        self.archive = archive
        self.clock = clock
        self.keyring = Keyring(settings, store)
        self.back_issues = BackIssues(settings, store, archive, clock)

    @property
    def tokens(self) -> Tokens:
        """Signs with the newest key and believes all, as they are at the moment."""
        return Tokens(self.keyring.believed())

    @property
    def root(self) -> str:
        """The path under which the pages are, with a slash at its end."""
        return root_of(self.settings.publication)

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages that pages can be read in, the publication's first."""
        return tuple(dict.fromkeys((self.settings.publication.language, *shipped_languages())))

    @property
    def takes_sign_ups(self) -> bool:
        """Whether visitors can sign up on these pages. No page leads to what is not there."""
        return self.settings.readers.sign_up.open

    @property
    def feedback(self) -> Feedback:
        """What comes back of letters."""
        return Feedback(self.settings, self.store, self.clock)

    @property
    def errands(self) -> Errands:
        """Who sends letters to single readers."""
        return Errands(self.settings, self.store, self.clock)

    @property
    def letters_to_one(self) -> LettersToOne:
        """Where letters to single readers are asked for."""
        return LettersToOne(self.store, self.clock)

    def write(self, name: str, *, language: str = "", chosen: bool = False, **values: object) -> str:
        """The page `name` (`signup.html`) in a language of `languages`, or the publication's. Where a visitor has
        `chosen` it, the page's links keep it."""
        return write_page(
            name,
            self.settings.publication,
            language=language,
            chosen=chosen,
            templates=self.settings.templates,
            values={**self._on_every_page(), **values},
        )

    def write_still(self, name: str, *, language: str) -> str:
        """A page, or a part of one, that is told nothing beside the publication; quick."""
        return write_still(name, self.settings.publication, language=language, templates=self.settings.templates)

    def style_sheet(self) -> StyleSheet:
        """The style sheet that every page asks for."""
        return style_sheet(self.settings.publication, self.settings.templates)

    def _on_every_page(self) -> dict[str, object]:
        privacy = self.settings.readers.sign_up.privacy
        return {
            "languages": self.languages,
            "year": self.clock().astimezone(self.settings.publication.timezone).year,
            "sign_up": self.takes_sign_ups,
            **({"privacy": privacy} if privacy or not self.takes_sign_ups else {}),
        }
