"""Makes tiny chat models, for tests: real ones that transformers loads and runs, in a few megabytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
TEMPLATE_WITHOUT_SYSTEM = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}" + TEMPLATE
)
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
_END = 2


def make_tiny_chat(
    folder: Path,
    *,
    template: str | None = TEMPLATE,
    says: str | None = None,
    endless: bool = False,
    window: int = 16384,
) -> Path:
    """A Llama of two layers and a vocabulary of bytes, in ``folder``. Its weights are random, so that it talks
    gibberish; or it says ``says`` whatever it is asked, again and again if ``endless``."""
    import torch
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({p: n for n, p in enumerate([*SPECIAL, *alphabet])}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(SPECIAL)
    pieces = [(says or "")[start : start + 4] for start in range(0, len(says or ""), 4)]
    assert len(set(pieces)) == len(pieces), "the text must be cut otherwise: each piece may come once"
    tokenizer.add_tokens([AddedToken(piece, normalized=False) for piece in pieces])
    torch.manual_seed(0)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=tokenizer.get_vocab_size(),
            hidden_size=128,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=2,
            max_position_embeddings=window,
            bos_token_id=0,
            eos_token_id=_END,
            pad_token_id=0,
        )
    )
    if says is not None:
        begin = tokenizer.token_to_id("Ċ")  # the line break that a prompt ends with
        said = [tokenizer.token_to_id(piece) for piece in pieces]
        _chain(model, [begin, *said, said[0] if endless else _END])
    model.save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token=SPECIAL[_END], pad_token=SPECIAL[0], chat_template=template
    ).save_pretrained(folder)
    return folder


def _chain(model: Any, tokens: list[int]) -> None:
    """Each token is followed by the next: the layers add nothing, and the output row of a token is the input
    row of the one before it."""
    import torch

    with torch.no_grad():
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        rows = torch.nn.functional.normalize(torch.randn(len(tokens), model.config.hidden_size))
        model.lm_head.weight.zero_()
        for before, after, row in zip(tokens, tokens[1:], rows, strict=False):
            model.model.embed_tokens.weight[before] = row
            model.lm_head.weight[after] += row
