"""Weights into one file that the engine reads, and back again; and the reference that a port is tested against.

The file: b"RAPPREAD", u32 version (4), u32 length of the header, u64 sum of all that follows (`checksum`), the header as
JSON, zeros up to a multiple of 64, then the data; all numbers little-endian, every block on a multiple of 64 from the start
of the data. The header has
  kind, config     the model and its sizes
  decode           the settings of decode.py
  taggers          {name: labels}, without those that only training has (`TRAINING_ONLY`), whose weights are left out too
  names, nominals, acts, channels, spans    what the labels stand for, in the order of their numbers
  data_bytes       length of the data
  tensors          {name: {dtype, shape, at, scales}}: "f32", or "i8" with one f32 scale for each first index:
                   weight = i8 * scale. `at` and `scales` are positions in the data
  tables           {name: {at, bytes}}: UTF-8 text, one entry a line
"""

import json
import struct

import numpy as np
import torch

from . import data, decode, model as models, text as T
from .corpora import ACTS, CHANNELS, NAME_CLASSES, NOMINAL_CLASSES, SPANS

MAGIC, VERSION, FRONT = b"RAPPREAD", 4, 24
TRAINING_ONLY = ("upos",)                                            # taggers that teach the encoder and are not read


def is_table(name):
    return name.endswith((".weight", ".weight_ih_l0", ".weight_hh_l0"))


def quantise(array):
    rows = array.reshape(array.shape[0], -1)
    scale = np.abs(rows).max(1) / 127
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    return np.clip(np.round(rows / scale[:, None]), -127, 127).astype(np.int8).reshape(array.shape), scale


class Blocks:
    def __init__(self):
        self.parts, self.size = [], 0

    def add(self, content):
        at = self.size
        pad = -len(content) % 64
        self.parts.append(content + b"\0" * pad)
        self.size += len(content) + pad
        return at


def write(path, model, vocabulary, static, settings):
    blocks, tensors, tables = Blocks(), {}, {}
    weights = {n: w.detach().numpy() for n, w in model.state_dict().items() if not trains_only(n)}
    if model.config["kind"] == "fast":
        weights["static.glove.weight"], weights["static.minilm.weight"] = static[:, :50], static[:, 50:]
    for name, array in weights.items():
        array = np.ascontiguousarray(array, np.float32)
        if is_table(name) and array.ndim >= 2:
            body, scales = quantise(array)
            tensors[name] = {"dtype": "i8", "shape": list(array.shape), "at": blocks.add(body.tobytes()), "scales": blocks.add(scales.tobytes())}
        else:
            tensors[name] = {"dtype": "f32", "shape": list(array.shape), "at": blocks.add(array.tobytes())}
    lists = {"cues": [f"{w}\t{b}" for w, b in vocabulary.cues.items() if b]}
    if model.config["kind"] == "fast":
        lists["static"] = sorted(vocabulary.static, key=vocabulary.static.get)
        own = {"hashed": {name: {"kind": kind, "rows": rows} for name, (kind, rows) in data.HASHED.items()}}
    else:
        lists["pieces"] = sorted(vocabulary.pieces, key=vocabulary.pieces.get)
        own = {"pieces_of_a_token": data.PIECES}
    for name, lines in lists.items():
        body = "\n".join(lines).encode()
        tables[name] = {"at": blocks.add(body), "bytes": len(body)}
    body = b"".join(blocks.parts)
    taggers = {name: n for name, n in models.TAGGERS.items() if name not in TRAINING_ONLY}
    header = {"kind": model.config["kind"], "config": model.config, "decode": settings, "taggers": taggers, "names": NAME_CLASSES,
              "nominals": NOMINAL_CLASSES, "acts": ACTS, "channels": CHANNELS, "spans": SPANS, "distances": models.DISTANCES, "window": data.LIMIT, **own,
              "data_bytes": len(body), "tensors": tensors, "tables": tables}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    rest = text + b"\0" * (-(FRONT + len(text)) % 64) + body
    path.write_bytes(MAGIC + struct.pack("<IIQ", VERSION, len(text), checksum(rest)) + rest)
    return path.stat().st_size


def checksum(body):
    """FNV-1a taken over little-endian words of 64 bits (the last filled up with zeros), turned by 29 bits after each product."""
    value = 0xCBF29CE484222325
    for word in np.frombuffer(body + b"\0" * (-len(body) % 8), "<u8").tolist():
        value = (value ^ word) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
        value = (value << 29 | value >> 35) & 0xFFFFFFFFFFFFFFFF
    return value


def trains_only(name):
    return name.startswith(tuple(f"heads.taggers.{tagger}." for tagger in TRAINING_ONLY))


def read(path):
    """A model with the weights that the file gives, and its vocabulary. Its taggers of TRAINING_ONLY are untrained."""
    raw = path.read_bytes()
    version, length, told = struct.unpack("<IIQ", raw[8:FRONT])
    assert raw[:8] == MAGIC and version == VERSION and checksum(raw[FRONT:]) == told
    header = json.loads(raw[FRONT:FRONT + length])
    start = FRONT + length + -(FRONT + length) % 64
    body = raw[start:]

    def tensor(item):
        n = int(np.prod(item["shape"]))
        if item["dtype"] == "f32":
            return np.frombuffer(body, np.float32, n, item["at"]).reshape(item["shape"])
        scales = np.frombuffer(body, np.float32, item["shape"][0], item["scales"])
        values = np.frombuffer(body, np.int8, n, item["at"]).reshape(item["shape"][0], -1)
        return (values * scales[:, None]).reshape(item["shape"])

    def lines(name):
        item = header["tables"][name]
        return body[item["at"]:item["at"] + item["bytes"]].decode().split("\n")
    weights = {name: torch.from_numpy(np.array(tensor(item))) for name, item in header["tensors"].items()}
    cues = {w: int(b) for w, b in (line.split("\t") for line in lines("cues"))}
    if header["kind"] == "fast":
        static = np.concatenate([weights.pop("static.glove.weight").numpy(), weights.pop("static.minilm.weight").numpy()], 1)
        vocabulary = data.Vocabulary({w: k + 1 for k, w in enumerate(lines("static"))}, cues)
        model = models.build(header["config"], static)
    else:
        vocabulary = data.Vocabulary({}, cues, {w: k for k, w in enumerate(lines("pieces"))})
        model = models.build(header["config"])
    missing, unknown = model.load_state_dict(weights, strict=False)
    assert not unknown and all(map(trains_only, missing)), (missing, unknown)
    return model.eval(), vocabulary, header


def reference(model, vocabulary, texts):
    """What a port must give for the texts: tokens and features exactly, numbers to 1e-4, statements exactly."""
    out = []
    for text in texts:
        reading = data.Reading({"id": "", "text": text}, vocabulary)
        windows = []
        for window in decode.outputs(model, vocabulary, [reading], with_details=True):
            _, s, e, tags, cues, joint, details = window
            windows.append({"tokens": [s, e], "tags": {n: rounded(t) for n, t in tags.items() if n not in TRAINING_ONLY}, "cues": [[a, b, round(p, 6)] for a, b, p in cues],
                            "joint": rounded(joint) if joint is not None else [], "details": [told(d) for d in details]})
        (statements, names), = decode.read(model, vocabulary, [reading])
        out.append({"text": text, "tokens": reading.tokens, "features": reading.features.tolist(),
                    "pieces": getattr(reading, "pieces", None), "windows": windows,
                    "statements": [{**f, "confidence": round(f["confidence"], 6)} for f in statements], "names": names})
    return out


def told(details):
    """What is read of one cue: scores, and each span that is found with its mean probability."""
    scores = {name: rounded(details[name]) for name in ("spans", "act", "negated")}
    return {**scores, "kind": [] if details["kind"] is None else rounded(details["kind"]),
            "best": {SPANS[number]: [a, b, round(p, 6)] for number, (a, b, p) in details["best"].items()}}


def rounded(array):
    return np.round(array.astype(np.float64), 6).tolist()
