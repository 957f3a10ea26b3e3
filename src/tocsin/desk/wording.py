"""Reads the public words of a warning under the lint before anything is kept, and says which errors were passed, and why."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from tocsin.cap.alert import Status
from tocsin.compose.languages import Translation
from tocsin.compose.lifecycle import IssuedWarning
from tocsin.compose.lint.check import find_faults, used_passes
from tocsin.compose.lint.finding import Finding, Said
from tocsin.core.marking import Audience
from tocsin.core.threat import Level
from tocsin.desk.act import Outcome


class Wording(Struct, frozen=True):
    """What the lint found in the public words, and the passes it took: rule and reason."""

    findings: tuple[Finding, ...]
    passed: Mapping[str, str]

    @property
    def summary(self) -> Outcome:
        """For the person who decides: every finding, those that were passed with the reason."""
        return {
            "lint": [
                {
                    "rule": one.rule,
                    "level": one.level.value,
                    "span": list(one.span),
                    "found": one.found,
                    "hint": one.hint,
                    "passed": self.passed.get(one.rule),
                }
                for one in self.findings
            ]
        }

    @property
    def reasons(self) -> dict[str, str]:
        """The passes as fields of a log entry that can be shown or kept back one by one."""
        return {f"pass {rule}": reason for rule, reason in self.passed.items()}


def check_wording(
    warning: IssuedWarning, passes: Mapping[str, str], *, approved: bool, marks_withheld: bool
) -> Wording:
    """The wording of the public version; PolicyError with every error that no pass names."""
    findings = find_faults(replace(_said(warning, approved=approved), marks_withheld=marks_withheld))
    return Wording(findings, used_passes(findings, passes))


def tell_wording(notice: IssuedWarning, *, ending: bool, reverses: bool, repeats: int) -> Wording:
    """The wording of a change or an end. It is told and holds nothing up: a correction that waits does harm (LESSONS L13)."""
    return Wording(find_faults(replace(_said(notice), ending=ending, reverses=reverses, repeats=repeats)), {})


def tell_languages(
    warning: IssuedWarning, translations: Sequence[Translation], *, ending: bool = False
) -> list[Outcome]:
    """Each further language for the person who decides: its words, who read them, whether it goes out, what the lint says."""
    main = replace(_said(warning), stricter=(), ending=ending)
    return [_tell_language(main, one) for one in translations]


def _tell_language(main: Said, one: Translation) -> Outcome:
    said = replace(
        main,
        headline=one.text.headline,
        description=one.text.description,
        instruction=one.text.instruction,
        language=one.language,
        places=tuple(one.places.get(place, place) for place in main.places),
        differences=one.faults,
    )
    return {
        "language": one.language,
        "goes_out": one.stands,
        "confirmed_by": one.read_by or None,
        "sha256": one.digest,
        "headline": one.text.headline,
        "description": one.text.description,
        "instruction": one.text.instruction,
        **Wording(find_faults(said), {}).summary,
    }


def _said(warning: IssuedWarning, *, approved: bool = False) -> Said:
    """Only the public version: partners and our own people get words that may be terse."""
    alert = next(version.alert for version in warning.versions if version.audience is Audience.PUBLIC)
    stricter = [version.alert.infos[0] for version in warning.versions if version.audience is not Audience.PUBLIC]
    info, places = alert.infos[0], warning.threat.places
    return Said(
        headline=info.headline or "",
        description=info.description or "",
        instruction=info.instruction or "",
        language=info.language,
        issuer=info.sender_name or "",
        urgency=info.urgency,
        certainty=info.certainty,
        places=tuple(place.name for place in places),
        countries=tuple(place.name for place in places if place.level is Level.COUNTRY),
        targets=len(warning.threat.targets),
        exercise=alert.status is not Status.ACTUAL,
        approved=approved,
        stricter=tuple(f"{one.headline}\n{one.description}\n{one.instruction}" for one in stricter),
    )
