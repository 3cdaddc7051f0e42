"""Models that are none: HTTP servers on this machine that speak the protocols of hosted models as they are told to.

They let tests and demos run the whole way that a hosted model would take, with no network and no key:

    with FakeOpenAI(reply="Hold the dial for ten seconds. [1]") as server:
        model = load_chat_model(Chat(model="openai:fake", base_url=server.base_url))

    with FakeReranker(behaviour="slow") as server:
        reranker = load_reranker(Reranker(model="hosted:fake", base_url=server.base_url))

`python -m kit.models.fake_server --port 8001` serves chat until Ctrl-C; with `--rerank` it reranks.
"""

from kit.models.fake_server.behaviour import Behaviour, Kind, unreachable
from kit.models.fake_server.chat import FakeOpenAI, answer_from_passages
from kit.models.fake_server.rerank import FakeReranker, score_by_words

__all__ = [
    "Behaviour",
    "FakeOpenAI",
    "FakeReranker",
    "Kind",
    "answer_from_passages",
    "score_by_words",
    "unreachable",
]
