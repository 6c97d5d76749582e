"""Trains one step on each export with TRL's own trainers, and checks the rows by OpenAI's rules: train_exports.py EXPORTS

EXPORTS holds the folders sft, dpo and kto, as `misfire export --split 90/10` writes them. The model, the tokenizer and the chat
template are made here; nothing is downloaded.
"""
import json
import os
import pathlib
import sys
import tempfile

os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TRL_EXPERIMENTAL_SILENCE": "1", "CUDA_VISIBLE_DEVICES": ""}

import datasets
import tokenizers
import transformers
import trl

ROWS = 24  # enough for batches with and without tools
TOKENS_MAX = 512
# Writes what a template of a real model writes: tools first, then each message with its calls.
TEMPLATE = """{%- if tools %}<|tools|>{% for tool in tools %}{{ tool | tojson }}{% endfor %}<|end|>{% endif -%}
{%- for message in messages %}<|{{ message.role }}|>{{ message.content or '' }}
{%- for call in message.tool_calls or [] %}<|call|>{{ call.function.name }} {{ call.function.arguments }}{% endfor %}<|end|>{% endfor -%}
{%- if add_generation_prompt %}<|assistant|>{% endif -%}"""


def tokenizer_of(folder):
    texts = (line for path in sorted(folder.glob("*/*.jsonl")) for line in open(path, encoding="utf-8", newline="\n"))
    special = ["<pad>", "<eos>"] + [f"<|{name}|>" for name in ("system", "user", "assistant", "tool", "tools", "call", "end")]
    bpe = tokenizers.Tokenizer(tokenizers.models.BPE())
    bpe.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = tokenizers.decoders.ByteLevel()
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    bpe.train_from_iterator(texts, tokenizers.trainers.BpeTrainer(vocab_size=600, special_tokens=special, initial_alphabet=alphabet, show_progress=False))
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=bpe, pad_token="<pad>", eos_token="<eos>")
    tokenizer.chat_template = TEMPLATE
    return tokenizer


def model_of(tokenizer):
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=2048, pad_token_id=tokenizer.pad_token_id, eos_token_id=tokenizer.eos_token_id, bos_token_id=None))


def train(name, folder, tokenizer, work):
    trainers = {"sft": (trl.SFTTrainer, trl.SFTConfig), "dpo": (trl.DPOTrainer, trl.DPOConfig), "kto": (trl.KTOTrainer, trl.KTOConfig)}
    trainer_class, config = trainers[name]
    rows = datasets.load_dataset(str(folder), split="train", cache_dir=str(work / "cache"))
    with_tools = [index for index, tools in enumerate(rows["tools"]) if tools] if "tools" in rows.column_names else []
    assert with_tools, f"{name}: no row has tools, so that they are not tested"
    for tools in (rows[index]["tools"] for index in with_tools[:100]):
        # Nothing is padded: a tool has the keys that it was sent with.
        assert all(tool["type"] == "function" and None not in tool["function"].values() for tool in tools), tools
    rows = rows.select(sorted({*range(ROWS), *with_tools[:ROWS]}))
    options = {"output_dir": str(work / name), "max_steps": 1, "per_device_train_batch_size": 4, "report_to": [], "use_cpu": True, "bf16": False,
               "max_length": TOKENS_MAX, "save_strategy": "no", "disable_tqdm": True}
    # TRL would load the reference model by its name, and this one has none.
    reference = {} if name == "sft" else {"ref_model": model_of(tokenizer)}
    trainer = trainer_class(model=model_of(tokenizer), args=config(**options), train_dataset=rows, processing_class=tokenizer, **reference)
    loss = trainer.train().training_loss
    assert loss == loss and loss > 0, (name, loss)
    print(f"{trainer_class.__name__}: a step on {len(rows)} rows, {len(with_tools)} of all have tools, loss {loss:.2f}")


def check_openai(path):
    """The rules of OpenAI's cookbook ("Data preparation and analysis for chat model fine-tuning"), with tools as its API reference has
    them: https://platform.openai.com/docs/api-reference/fine-tuning/chat-input"""
    count = 0
    for line in open(path, encoding="utf-8", newline="\n"):
        row = json.loads(line)
        assert set(row) <= {"messages", "tools"} and row["messages"], row
        assert row.get("tools", True), "tools are left out where there are none"
        for tool in row.get("tools", []):
            assert tool["type"] == "function" and tool["function"]["name"], tool
        calls = set()
        for message in row["messages"]:
            assert {"role", "content"} <= set(message) <= {"role", "content", "name", "tool_calls", "tool_call_id"}, message
            assert message["role"] in ("system", "user", "assistant", "tool") and isinstance(message["content"], str), message
            assert message["content"] or message.get("tool_calls") or message["role"] == "tool", message
            for call in message.get("tool_calls", []):
                assert call["type"] == "function" and isinstance(call["function"]["arguments"], str), call
                calls.add(call["id"])
            if message["role"] == "tool":
                assert message["tool_call_id"] in calls, row
        assert row["messages"][-1]["role"] == "assistant", row
        count += 1
    print(f"OpenAI's rules hold for {count} rows of {path.parent.name}/{path.name}")


def main():
    exports = pathlib.Path(sys.argv[1])
    for part in ("train", "test"):
        check_openai(exports / "sft" / f"{part}.jsonl")
    datasets.disable_progress_bars()
    transformers.logging.set_verbosity_error()
    tokenizer = tokenizer_of(exports)
    for name in ("sft", "dpo", "kto"):
        with tempfile.TemporaryDirectory() as work:
            train(name, exports / name, tokenizer, pathlib.Path(work))


if __name__ == "__main__":
    main()
