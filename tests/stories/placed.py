"""A stage for calls that we place: whoever answers, and what the carrier holds of that."""

from __future__ import annotations

from app.call import actions as act
from app.call import events as ev
from app.personas.variables import spoken_to
from tests.stories.stage import Story, persona

SCREENING = "This is Tess, with your interview."
MESSAGE = "This is Tess. Please ring back."
NEVER = "I will not ring again. Goodbye."
WHO = spoken_to(persona(lines={"screening": SCREENING, "voicemail": MESSAGE, "never_again": NEVER}), {})


class Placed(Story):
    """A call that we placed. `voicemail`: what is done about a machine."""

    voicemail: ev.Voicemail = "leave_message"
    first = ev.TalkOpened()

    def started(self) -> ev.StreamStarted:
        return ev.StreamStarted(voicemail=self.voicemail)

    def _do(self, actions: list[act.Action]) -> None:
        super()._do(actions)
        if any(isinstance(action, act.OpenTalk) for action in actions):
            self.at(self.now, self.first)

    def verdict(self, verdict: str, *, at: float) -> None:
        """The carrier tells who it holds to have answered."""
        self.at(at, ev.AnsweredBy(verdict))

    @property
    def recognised(self) -> list[str]:
        """What the attempt is told of who answered."""
        return [action.who for action in self.actions(act.Recognised) if isinstance(action, act.Recognised)]

    @property
    def message_left(self) -> bool:
        return bool(self.actions(act.MessageLeft))

    @property
    def asked(self) -> list[str]:
        """What was put to the dialogue."""
        return [action.text for action in self.actions(act.Ask) if isinstance(action, act.Ask)]

    def began(self, text: str) -> float:
        """When this was first said, in seconds."""
        return min(line.started_ms for line in self.agent.of("agent") if line.text == text) / 1000


def placed(voicemail: ev.Voicemail = "leave_message", **more: float) -> Placed:
    story = Placed(WHO, **more)  # type: ignore[arg-type]
    story.voicemail = voicemail
    return story
