import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.playbooks.reading import read_yes_no

# The same examples on every machine, and none that fails because the machine is slow.
same = settings(deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize(
    "message",
    [
        "yes", "Yes!! its online", "yep", "y", "Y.", "ok", "okay, thanks", "sure", "sure thing", "Please do",
        "yes please",
        "go ahead", "please go ahead", "you can do it", "that's right", "that is correct", "it is", "I do", "we have.",
        "yes it does", "I have it", "I still have both", "sure, why not", "no problem, go ahead", "fine by me", "👍",
        "yes, it isn't sealed", "yes nothing is damaged", "yes, all there and no scratches", "yes cancel it",
        "sounds good",
        "of course", "I agree", "yeah, right", "yes, opened", "yes, it went a bit brown on one side",
        "yes that's right",
    ],
)  # fmt: skip
def test_agreement(message: str) -> None:
    assert read_yes_no(message) is True


@pytest.mark.parametrize(
    "message",
    [
        "no", "nope", "n", "No thanks", "not yet", "not at all", "I don't", "it isn't", "no I know my password!!",
        "never",
        "that's not ok", "absolutely not", "of course not", "please don't", "I'd rather not", "stop", "wait", "👎",
        "leave it", "leave everything as it is", "keep the plan as it is", "actually he uses it. leave it as is",
        "no, still offline", "no, forget it", "I cannot", "no, I'll try it a bit longer", "ok wait", "no, cancel",
        "no, the office is in Buffalo", "no its a po box", "don’t", "no, I never wrote them down",
    ],
)  # fmt: skip
def test_refusal(message: str) -> None:
    assert read_yes_no(message) is False


@pytest.mark.parametrize(
    "message",
    [
        # doubts
        "not sure", "I'm not really sure", "I don't know", "no idea", "can't say", "maybe", "yes and no",
        "right, don't",
        # questions
        "what is the fee, please?", "is that right?", "okay but how long does it take?", "yes?", "why?",
        # words of agreement in passing
        "please hurry up", "right now it's dark", "it is still offline", "it is broken", "I have lost them",
        "I have a new phone",
        "I have changed my mind", "before you go ahead tell me the fee", "I want to confirm the amount first",
        "please cancel it",
        "I definitely want to keep it", "the right one arrived", "cancel", "cancel it", "It's fine, leave it as it is",
        # something else
        "", "   ", "BL-104233", "still offline", "Sunday", "42", "🙂", "notify me", "knowledge", "yesterday", "okra",
    ],
)  # fmt: skip
def test_what_is_neither_is_asked_again(message: str) -> None:
    assert read_yes_no(message) is None


@same
@given(st.text(alphabet=st.sampled_from("yesno kdrightpa,.!?'\n I’"), max_size=80))
def test_a_question_is_never_consent(message: str) -> None:
    assert read_yes_no(f"{message} how much is it?") is None
