"""The page as Gradio blocks: what is where, and what happens when. Imported only when a page is built."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import gradio as gr

from kit.app.backend import Backend
from kit.app.evaluation import evaluation_html
from kit.app.panel import panel_html, render, trace_html
from kit.app.session import Session, Step, respond
from kit.assistant import Reply

__all__ = ["Handlers", "build_page"]

CONCURRENT_TURNS = 8
_HINT = "<p>Enter sends, Shift + Enter begins a new line</p>"
# Not part of a published API: only the page itself may call these.
_private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def build_page(backend: Backend) -> gr.Blocks:
    """The page over a backend."""
    handlers = Handlers(backend)
    with gr.Blocks(title=f"{backend.company} assistant", analytics_enabled=False, fill_width=True) as page:
        session = gr.State(Session())
        gr.HTML(render("header.html.j2", backend=backend), elem_id="kit-header", js_on_load=None)
        with gr.Tabs(elem_id="kit-tabs"):
            with gr.Tab("Chat", id="chat"), gr.Row(elem_id="kit-chat"):
                with gr.Column(scale=7, min_width=340, elem_id="kit-conversation"):
                    chatbot = _chatbot(backend)
                    with gr.Row(elem_id="kit-ask"):
                        box = gr.Textbox(
                            placeholder="Ask as a customer would",
                            label="Your message",
                            show_label=False,
                            container=False,
                            autofocus=True,
                            max_lines=6,
                            max_length=backend.max_message_chars,
                            scale=1,
                            elem_id="kit-box",
                        )
                        send = gr.Button("Send", variant="primary", scale=0, min_width=96)
                    with gr.Row(elem_id="kit-below"):
                        anew = gr.Button("New conversation", variant="secondary", scale=0, elem_id="kit-new")
                        gr.HTML(_HINT, elem_id="kit-hint", js_on_load=None)
                with gr.Column(scale=4, min_width=320, elem_id="kit-behind"):
                    panel = gr.HTML(handlers.panel(None), elem_id="kit-panel", js_on_load=None)
                    with gr.Accordion("How this reply was made", open=False, visible=False, elem_id="kit-how") as how:
                        trace = gr.HTML(trace_html(None), elem_id="kit-trace", js_on_load=None)
            with gr.Tab("Evaluation", id="evaluation") as tab, gr.Column(elem_id="kit-evaluation"):
                with gr.Row(elem_id="kit-newest"):
                    gr.HTML("<h2>The newest eval run</h2>", js_on_load=None)
                    refresh = gr.Button("Refresh", scale=0, min_width=110, elem_id="kit-refresh")
                figures = gr.HTML(elem_id="kit-figures", js_on_load=None)

        outputs = [chatbot, box, panel, how, trace, session]
        # One event for both ways to send, so that a second message waits for the reply to the first.
        asked = gr.on([box.submit, send.click], handlers.turn, [box, session], outputs, trigger_mode="once", **_private)
        chosen = chatbot.example_select(handlers.example, None, box, **_private).then(
            handlers.turn, [box, session], outputs, **_private
        )
        # Gradio's own button to clear the messages must not leave the conversation behind.
        gr.on([anew.click, chatbot.clear], handlers.anew, None, outputs, cancels=[asked, chosen], **_private)
        chatbot.like(handlers.rate, session, None, **_private)
        for moment in (page.load, tab.select, refresh.click):
            moment(handlers.evaluation, None, figures, **_private)
    page.queue(default_concurrency_limit=CONCURRENT_TURNS, api_open=False)
    return cast(gr.Blocks, page)


def _chatbot(backend: Backend) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="kit-messages",
        label="Conversation",
        show_label=False,
        placeholder=render("welcome.html.j2", backend=backend),
        examples=[{"text": question} for question in backend.examples] or None,
        feedback_options=("Like", "Dislike"),
        # What reaches the browser is escaped already; these see to it once more.
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        line_breaks=False,
        allow_file_downloads=False,
        buttons=[],
        layout="bubble",
        height="100%",
    )


@dataclass(frozen=True)
class Handlers:
    """What happens on the page. Visitors share one; what belongs to a visitor is in the session."""

    backend: Backend

    def turn(self, message: str, session: Session) -> Iterator[tuple[Any, ...]]:
        """One message and its reply, step by step; the values are those of `outputs` in `build_page`."""
        if not message.strip():
            yield gr.skip(), "", *[gr.skip()] * 4
            return
        # The box is emptied once; what is written there while the reply comes stays.
        box: Any = ""
        for step in respond(self.backend, session, message):
            if step.error:
                # A message that got no reply goes back to where it was written.
                box = message
                gr.Warning(step.error, title="No reply")
            yield self.update(step, box)
            box = gr.skip()

    def update(self, step: Step, box: Any) -> tuple[Any, ...]:
        """What a step changes on the page."""
        messages = [dict(one) for one in step.messages]
        if step.session is None:
            return messages, box, *[gr.skip()] * 4
        reply = step.session.last
        return messages, box, self.panel(reply), gr.update(visible=True), trace_html(reply), step.session

    def anew(self) -> tuple[Any, ...]:
        """A new conversation."""
        return [], "", self.panel(None), gr.update(visible=False), trace_html(None), Session()

    def example(self, event: gr.SelectData) -> str:
        """The text of the example that was chosen."""
        return str(event.value["text"])

    def rate(self, session: Session, event: gr.LikeData) -> None:
        """Keep a thumb up or down; one that is taken back leaves the last one standing."""
        if session.conversation is not None and isinstance(event.index, int) and isinstance(event.liked, bool):
            # A turn begins with what the customer wrote, and turns count from 1.
            turn = sum(message["role"] == "user" for message in session.shown[: event.index + 1])
            self.backend.audit.record_feedback(session.conversation.id, turn, event.liked)

    def evaluation(self) -> str:
        """The newest eval run."""
        return evaluation_html(self.backend.runs)

    def panel(self, reply: Reply | None) -> str:
        """What stands behind a reply."""
        return panel_html(reply, headings=self.backend.headings, playbook_titles=self.backend.playbook_titles)
