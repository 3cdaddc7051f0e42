import pytest

from kit.playbooks.reading import cancels


@pytest.mark.parametrize(
    "message",
    [
        "never mind", "Nevermind, thanks!", "nvm", "forget it", "Forget about it.", "stop", "please stop",
        "stop, cancel this",
        "cancel", "cancel the request", "I'll do it myself, leave it", "let's not do this", "let’s leave it",
        "no, forget it",
        "ok never mind then", "oh, you know what, forget it", "that's ok, I'll sort it out myself", "don't bother",
        "I don't want to do this any more", "it's too complicated, leave it", "quit", "no longer needed", "STOP!!!",
    ],
)  # fmt: skip
def test_it_is_called_off(message: str) -> None:
    assert cancels(message)


@pytest.mark.parametrize(
    "message",
    [
        "cancel my plan", "cancel it", "cancel the order", "don't cancel", "please don't stop",
        "never mind the box, it is BL-1",
        "forget my password", "I forgot it", "stop sending me mails", "stop charging me", "leave it at the door",
        "no", "wait",
        "no thanks", "ok", "", "thanks", "never mind?", "can we stop?", "I changed my mind", "leave it as it is",
        "don't forget it",
        "nothing stops", "I want to cancel", "it stopped", "never", "never mind that, I want a refund",
        "never mind " * 50,
    ],
)  # fmt: skip
def test_it_goes_on(message: str) -> None:
    assert not cancels(message)
