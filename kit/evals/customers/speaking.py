"""The words of simulated customers: each persona says the same things in its own way."""

import random
from typing import Final, Literal

from kit.evals.script import Persona

__all__ = ["Saying", "phrase", "wrapped"]

Saying = Literal["again", "unhelpful", "thanks", "unknown", "none_of_these", "person", "gives_up", "yes", "no", "back"]

_WORDS: Final[dict[Saying, dict[Persona, tuple[str, ...]]]] = {
    "again": {
        "plain": ("That is not what I meant.", "That doesn't answer my question."),
        "terse": ("no", "not that"),
        "rambling": ("Hm, no, I think we are talking about two different things here.",),
        "polite": ("Thank you, but I'm afraid that isn't quite what I was asking.",),
        "angry": ("Did you even read what I wrote??", "NO. That is not what I asked."),
        "anxious": ("Sorry, I don't think that is it, is it?",),
        "non_native": ("Sorry, it is not this what I ask.",),
    },
    "unhelpful": {
        "plain": ("That did not work.", "I tried that, it did not help."),
        "terse": ("didnt work", "tried that"),
        "rambling": ("Well I went and tried all of that and nothing is any different.",),
        "polite": ("I have tried that now, and sadly it did not help.",),
        "angry": ("That did NOT work. Obviously.",),
        "anxious": ("I did that and it still does not work, what now?",),
        "non_native": ("I make like you say but it does not work.",),
    },
    "thanks": {
        "plain": ("Thanks, that's what I needed.", "Great, thank you."),
        "terse": ("thx", "ok ty"),
        "rambling": ("Oh good, well that is all I wanted to know really, thank you for that.",),
        "polite": ("Thank you very much, that helps.",),
        "angry": ("Finally. Fine.",),
        "anxious": ("Oh good, thank you so much!",),
        "non_native": ("Thank you, this helped me.",),
    },
    "unknown": {
        "plain": ("I don't know.", "I don't have that."),
        "terse": ("dunno", "no idea"),
        "rambling": ("I really could not tell you, I would not know where to look for that.",),
        "polite": ("I'm sorry, I don't know that.",),
        "angry": ("How should I know?",),
        "anxious": ("I'm not sure, I don't know, is that bad?",),
        "non_native": ("I don't know this, sorry.",),
    },
    "none_of_these": {
        "plain": ("None of these.",),
        "terse": ("none",),
        "rambling": ("I don't think it is any of these to be honest.",),
        "polite": ("I'm afraid it is none of these.",),
        "angry": ("None of them!",),
        "anxious": ("None of these, I think?",),
        "non_native": ("It is no one of these.",),
    },
    "person": {
        "plain": ("Can I talk to a person, please?",),
        "terse": ("agent pls", "human"),
        "rambling": ("I think it would be easier if I could just speak to a person about this.",),
        "polite": ("Might I speak with one of your colleagues, please?",),
        "angry": ("Get me a real person. Now.",),
        "anxious": ("Could a real person please look at this?",),
        "non_native": ("I want to speak with a person please.",),
    },
    "gives_up": {
        "plain": ("Never mind.", "Forget it."),
        "terse": ("nvm",),
        "rambling": ("Oh never mind, I'll see if I can find it out some other way.",),
        "polite": ("Never mind, thank you for trying.",),
        "angry": ("Useless. Forget it.",),
        "anxious": ("Never mind, I'll try somewhere else.",),
        "non_native": ("Ok, forget it.",),
    },
    "yes": {
        "plain": ("Yes, please.",),
        "terse": ("yes", "yep"),
        "rambling": ("Yes, that's fine, go ahead.",),
        "polite": ("Yes, please, thank you.",),
        "angry": ("YES.",),
        "anxious": ("Yes please.",),
        "non_native": ("Yes, please do.",),
    },
    "no": {
        "plain": ("No, thank you.",),
        "terse": ("no", "nope"),
        "rambling": ("No, I'd rather not do that.",),
        "polite": ("No, thank you, I'd rather not.",),
        "angry": ("NO.",),
        "anxious": ("No, please don't.",),
        "non_native": ("No, I don't want.",),
    },
    "back": {
        "plain": ("I wrote to you about this before.", "I am back with the same problem."),
        "terse": ("same issue again.",),
        "rambling": ("So I was here the other day about this and it is still the same story.",),
        "polite": ("Hello again, I contacted you about this recently.",),
        "angry": ("I am STILL waiting on this.", "Second time I have to write about this."),
        "anxious": ("I'm sorry to come back, but it is still not solved.",),
        "non_native": ("I wrote you already about this some days before.",),
    },
}

_BEFORE: Final[dict[Persona, tuple[str, ...]]] = {
    "rambling": ("So, my neighbour told me to just ask you.", "Bear with me, I am not good with these things."),
    "polite": ("Good morning.", "Hello."),
    "angry": ("Listen.", "This is ridiculous."),
    "anxious": ("Hi, I'm a bit worried.", "Sorry to bother you."),
    "non_native": ("Hello, excuse my english.",),
}
_AFTER: Final[dict[Persona, tuple[str, ...]]] = {
    "rambling": ("Anyway, that's about it, no hurry, I'm home all afternoon.",),
    "polite": ("Thank you.", "Many thanks."),
    "angry": ("Sort it out!!",),
    "anxious": ("Please help.",),
}


def phrase(saying: Saying, persona: Persona, chance: random.Random) -> str:
    """What this persona says for it, one of its ways."""
    return chance.choice(_WORDS[saying][persona])


def wrapped(text: str, persona: Persona, chance: random.Random) -> str:
    """An opening with what the persona puts around it."""
    before, after = _BEFORE.get(persona, ("",)), _AFTER.get(persona, ("",))
    if persona == "terse":
        text = text.rstrip(".!").lower()
    # What follows begins a new sentence.
    gap = "" if text.endswith((".", "?", "!")) or after == ("",) else "."
    return " ".join(filter(None, (chance.choice(before), f"{text}{gap}", chance.choice(after))))
