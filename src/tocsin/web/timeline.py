"""What one leaf about a warning says, as a sentence for its timeline; claims of others are said as theirs."""

from collections.abc import Callable, Mapping
from typing import Any

from tocsin.desk.show_warning import LoggedMoment
from tocsin.evidence.entry import Kind
from tocsin.evidence.receipt import Answer
from tocsin.web.words import ANSWER, write_count, write_plain

KEY_KINDS = frozenset({Kind.STATE, Kind.RESPONSE, Kind.ACKNOWLEDGEMENTS})
"""Acts of weight: drawn with a filled dot."""


def say_moment(moment: LoggedMoment, names: Mapping[str, str]) -> str:
    """The sentence, without its time and grade; a kind that has no words of its own is called by its name.

    `names` gives the name of a party by its id.
    """
    say = _WORDS.get(moment.kind)
    if say is None:
        return f"{write_plain(moment.kind.value).capitalize()}."
    party = moment.claims.get("party")
    return say({**moment.claims, "party": names.get(party, party)} if party else moment.claims)


def _version(claims: Mapping[str, Any]) -> str:
    whom = f" for {claims['aud']}" if "aud" in claims else ""
    return f"Version for the {claims['audience']} audience signed{whom}."


def _state(claims: Mapping[str, Any]) -> str:
    if claims["state"] == "live":
        return f"Issued. Addressed {claims['addressed']} of {claims['can_act']} who can act."
    if claims["state"] == "on_watch":
        return "The window ended; it went on watch. The end of the window is not an all-clear."
    return "The watch ended; it was closed. That does not show that the threat is over."


def _chunk(claims: Mapping[str, Any]) -> str:
    left = claims["rows"] - claims["handed_over"]
    rest = f"; {left} not" if left else ""
    return f"Handed {write_count(claims['handed_over'], 'mail')} over to the mail server{rest}."


def _received(claims: Mapping[str, Any]) -> str:
    answer = Answer(claims["answer"])
    who = "their machine signed" if answer.by_machine else "their officer signed"
    return f"{claims['from']}: {ANSWER[answer]}; {who}."


def _pressed(claims: Mapping[str, Any]) -> str:
    who = claims["party"] or "somebody among the people"
    return f"{who}: {ANSWER[Answer(claims['answer'])]} by link; who pressed is not proved."


def _act(claims: Mapping[str, Any]) -> str:
    if claims["act"] == "call":
        return f"A call of {claims['called_at']} was entered by hand; its words stand in the account."
    if claims["act"] != "escalate":
        return f"{write_plain(claims['act']).capitalize()}."
    how = write_count(claims["asked"], "mail") if claims["asked"] else "the envelope itself"
    return f"Asked {claims['party']}, step {claims['step'] + 1}: {how}."


_WORDS: Mapping[Kind, Callable[[Mapping[str, Any]], str]] = {
    Kind.WARNING: _version,
    Kind.STATE: _state,
    Kind.CHUNK: _chunk,
    Kind.RECEIPT: _received,
    Kind.RESPONSE: _received,
    Kind.ACKNOWLEDGEMENTS: _pressed,
    Kind.ACT: _act,
    Kind.ENVELOPE: lambda claims: f"Sealed for {claims['aud']} and queued.",
    Kind.REFUSED: lambda claims: f"Refused: {write_plain(claims['act'])}, because of {write_plain(claims['reason'])}.",
}
