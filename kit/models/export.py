"""Turns a sentence-transformers model into one ONNX file, once per user.

Loading torch and transformers takes seconds in every process; onnxruntime loads the same model in a quarter of one.
"""

import warnings
from pathlib import Path
from typing import Any

__all__ = ["export_onnx"]


def export_onnx(model: Any, target: Path) -> bool:
    """Write `model` (transformer, one kind of pooling, optional normalisation) as an ONNX file.

    The graph takes `input_ids` and `attention_mask` (batch × tokens, int64) and gives `embedding` (batch × dimension),
    `tokens` (batch × tokens × dimension) and `layers` (batch × 3 × dimension), float32, unit length. The layers are
    the mean of the tokens halfway through the model, and the greatest and least value of each dimension at its end.

    Args:
        model: a `sentence_transformers.SentenceTransformer`.
        target: the file to write.

    Returns:
        False when the model has other layers than these, or some that ONNX cannot express: it then has to run on torch.

    Raises:
        OSError: the file cannot be written.
    """
    import torch
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    layers = list(model)
    if len(layers) < 2 or not isinstance(layers[0], Transformer) or not isinstance(layers[1], Pooling):
        return False
    if any(not isinstance(layer, Normalize) for layer in layers[2:]):
        return False
    body, pool = layers[0].model, layers[1]
    if not isinstance(pool.pooling_mode, str) or not hasattr(body, "set_attn_implementation"):
        return False
    if any(model.prompts.values()) and not pool.include_prompt:
        return False

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = body

        def forward(
            self, input_ids: torch.Tensor, attention_mask: torch.Tensor
        ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            out = self.body(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True)
            tokens, middle = out.last_hidden_state, out.hidden_states[len(out.hidden_states) // 2]
            pooled = pool({"token_embeddings": tokens, "attention_mask": attention_mask})["sentence_embedding"]
            read = attention_mask.unsqueeze(-1).to(tokens.dtype)
            far = (1.0 - read) * 1e4  # moves the padding out of reach of the greatest and the least
            mean = (middle * read).sum(dim=1) / read.sum(dim=1)
            layers = torch.stack((mean, (tokens - far).amax(dim=1), (tokens + far).amin(dim=1)), dim=1)
            unit = torch.nn.functional.normalize
            return unit(pooled, dim=-1), unit(tokens, dim=-1), unit(layers, dim=-1)

    example = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "batch", 1: "tokens"}
    attention = body.config._attn_implementation
    with warnings.catch_warnings(), torch.no_grad():
        # The tracing exporter warns of its age and of shapes it fixes; equality of vectors is what is tested.
        warnings.simplefilter("ignore")
        try:
            # Written out plainly, attention is a tenth faster on onnxruntime than torch's fused one taken apart.
            body.set_attn_implementation("eager")
            torch.onnx.export(
                Graph().eval(),
                (example, example),
                str(target),
                input_names=["input_ids", "attention_mask"],
                output_names=["embedding", "tokens", "layers"],
                dynamic_axes={
                    "input_ids": axes,
                    "attention_mask": axes,
                    "embedding": {0: "batch"},
                    "tokens": axes,
                    "layers": {0: "batch"},
                },
                opset_version=17,
                dynamo=False,
            )
        except OSError:
            raise
        except Exception:  # What an exotic layer makes the exporter say is of any type.
            return False
        finally:
            body.set_attn_implementation(attention)
    return True
