"""The two reading models: an encoder each (fast: features, gated convolutions, LSTMs; accurate: MiniLM), the same heads."""

import json
import math
import struct

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import text as T
from .corpora import ACTS, CHANNELS, NAME_CLASSES, NOMINAL_CLASSES, SPANS, UPOS
from .data import HASHED

TAGGERS = {"source": 3, "cue": 3, "content": 3, "names": 1 + 2 * len(NAME_CLASSES), "nominals": 1 + len(NOMINAL_CLASSES), "sentence_ends": 2,
           "events": 2, "upos": len(UPOS)}
N_CUE, N_START = 8, 3
DETAIL = 64                                                          # numbers within what reads a cue's details
DISTANCES = [1, 2, 3, 4, 5, 6, 8, 11, 15, 20, 27, 36, 48, 64, 90, 130]   # bucket of |d|: how many are <= |d|; 0 is inside the cue
N_DISTANCE = 2 * len(DISTANCES) + 1


class Fast(nn.Module):
    """Static vectors and hashed word parts, two gated convolutions, two layers of LSTMs in both directions."""

    def __init__(self, config, static):
        super().__init__()
        self.config = config
        width = config["width"]
        self.register_buffer("static", torch.from_numpy(static), persistent=False)
        sizes = config["hashed"]
        self.hashed = nn.ModuleDict({name: nn.Embedding(rows, sizes[name]) for name, (_, rows) in HASHED.items()})
        self.small = nn.ModuleDict({"shape": nn.Embedding(T.N_SHAPES, 8), "cue": nn.Embedding(N_CUE, 8),
                                    "quote": nn.Embedding(T.N_QUOTES, 8), "start": nn.Embedding(N_START, 6)})
        for table in [*self.hashed.values(), *self.small.values()]:
            nn.init.normal_(table.weight, std=0.3)
        total = static.shape[1] + sum(sizes.values()) + 30
        self.input = nn.Linear(total, width)
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in config["dilations"]])
        self.convolutions = nn.ModuleList([nn.Conv1d(width, 2 * width, 3, padding=d, dilation=d) for d in config["dilations"]])
        hidden = config["hidden"]
        self.forwards = nn.ModuleList([nn.LSTM(width if k == 0 else hidden, hidden, batch_first=True) for k in range(2)])
        self.backwards = nn.ModuleList([nn.LSTM(width if k == 0 else hidden, hidden, batch_first=True) for k in range(2)])
        self.dropout = nn.Dropout(config["dropout"])
        self.size = 2 * hidden

    def forward(self, batch):
        f = batch.features
        static = self.static[f[..., 0]]
        words = [self.hashed[name](f[..., k]) for k, name in enumerate(HASHED, 1)]
        if self.training:                                            # rare and unknown words: make the hashes stand alone
            keep = torch.rand(f.shape[:2]).unsqueeze(-1)
            static = static * (keep > 0.04)
            words[0] = words[0] * (keep < 0.94)
        small = [self.small["shape"](f[..., 5]), self.small["cue"](f[..., 6]), self.small["quote"](f[..., 7]), self.small["start"](f[..., 8])]
        mask = batch.mask.unsqueeze(-1)
        x = self.input(self.dropout(torch.cat([static, *words, *small], -1)))
        for norm, convolution in zip(self.norms, self.convolutions):
            y = convolution((norm(x) * mask).transpose(1, 2)).transpose(1, 2)
            a, b = y.chunk(2, -1)
            x = x + self.dropout(a * torch.sigmoid(b))
        order = torch.arange(x.shape[1])[None]
        reverse = torch.where(order < batch.lengths[:, None], batch.lengths[:, None] - 1 - order, order).unsqueeze(-1)
        for k in range(2):
            x = self.dropout(x)
            a = self.forwards[k](x)[0]
            b = self.backwards[k](x.gather(1, reverse.expand_as(x)))[0]
            b = b.gather(1, reverse.expand_as(b))
            if k == 0:
                x = a + b + x if a.shape == x.shape else a + b
        return torch.cat([a, b], -1)


class Layer(nn.Module):
    def __init__(self, size, heads, inner):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.norm1, self.norm2 = nn.LayerNorm(size, eps=1e-12), nn.LayerNorm(size, eps=1e-12)
        self.up, self.down = nn.Linear(size, inner), nn.Linear(inner, size)

    def forward(self, x, mask, p):
        n, t, d = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, mask).transpose(1, 2).reshape(n, t, d)
        x = self.norm1(x + F.dropout(self.out(y), p, self.training))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), p, self.training))


class Accurate(nn.Module):
    """MiniLM-L6 with capital shape, quotation state, starts and cue list added to its input; first pieces out."""

    def __init__(self, config, weights=None):
        super().__init__()
        self.config = config
        size = 384
        self.words, self.positions = nn.Embedding(30522, size), nn.Embedding(512, size)
        self.small = nn.ModuleDict({"shape": nn.Embedding(T.N_SHAPES + 1, size), "cue": nn.Embedding(N_CUE + 1, size),
                                    "quote": nn.Embedding(T.N_QUOTES + 1, size), "start": nn.Embedding(N_START + 1, size)})
        for table in self.small.values():
            nn.init.zeros_(table.weight)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.layers = nn.ModuleList([Layer(size, 12, 1536) for _ in range(6)])
        self.size = size
        if weights is not None:
            self.load_minilm(weights)
        self.words.weight.requires_grad_(False)
        self.positions.weight.requires_grad_(False)

    def load_minilm(self, path):
        data = read_safetensors(path)
        e = "embeddings."
        with torch.no_grad():
            self.words.weight.copy_(data[e + "word_embeddings.weight"])
            self.positions.weight.copy_(data[e + "position_embeddings.weight"] + data[e + "token_type_embeddings.weight"][0])
            copy(self.norm, data, e + "LayerNorm")
            for k, layer in enumerate(self.layers):
                p = f"encoder.layer.{k}."
                for kind in ("weight", "bias"):
                    parts = [data[f"{p}attention.self.{name}.{kind}"] for name in ("query", "key", "value")]
                    getattr(layer.qkv, kind).copy_(torch.cat(parts))
                copy(layer.out, data, p + "attention.output.dense")
                copy(layer.norm1, data, p + "attention.output.LayerNorm")
                copy(layer.up, data, p + "intermediate.dense")
                copy(layer.down, data, p + "output.dense")
                copy(layer.norm2, data, p + "output.LayerNorm")

    def forward(self, batch):
        p = self.config["dropout"]
        x = self.words(batch.pieces) + self.positions(torch.arange(batch.pieces.shape[1]))[None]
        f = batch.features
        extra = self.small["shape"](f[..., 5] + 1) + self.small["cue"](f[..., 6] + 1) + self.small["quote"](f[..., 7] + 1) \
            + self.small["start"](f[..., 8] + 1)
        extra = extra * batch.mask.unsqueeze(-1)
        first = batch.first.unsqueeze(-1).expand(-1, -1, self.size)
        x = self.norm(x.scatter_add(1, first, extra))                # padding adds zero to the first piece
        x = F.dropout(x, p, self.training)
        mask = batch.piece_mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask, p)
        return x.gather(1, first)


def copy(module, data, name):
    module.weight.copy_(data[name + ".weight"])
    module.bias.copy_(data[name + ".bias"])


def read_safetensors(path):
    with open(path, "rb") as file:
        size, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        body = file.read()
    kinds = {"F32": np.float32, "I64": np.int64}
    return {name: torch.from_numpy(np.frombuffer(body[slice(*item["data_offsets"])], kinds[item["dtype"]]).reshape(item["shape"]).copy())
            for name, item in header.items() if name != "__metadata__"}


class Heads(nn.Module):
    """Taggers over tokens, and a reading of the window for one cue at a time: what is its source, what its content.

    Joint labels of a cue's reading: 0 none, 1 source begins, 2 source goes on, 3 content begins, 4 content goes on.
    """

    def __init__(self, size, inner, dot, dropout):
        super().__init__()
        self.taggers = nn.ModuleDict({name: nn.Linear(size, n) for name, n in TAGGERS.items()})
        self.token, self.cue = nn.Linear(size, inner), nn.Linear(size, inner, bias=False)
        self.key, self.query = nn.Linear(size, 2 * dot), nn.Linear(size, 2 * dot)
        self.relative = nn.ModuleDict({"distance": nn.Embedding(N_DISTANCE, inner), "sentence": nn.Embedding(7, inner),
                                       "paragraph": nn.Embedding(5, inner), "marks": nn.Embedding(9, inner)})
        for table in self.relative.values():
            nn.init.normal_(table.weight, std=0.1)
        self.between = nn.Linear(2, inner, bias=False)
        self.around = nn.Conv1d(inner, inner, 5, padding=2)
        nn.init.normal_(self.around.weight, std=0.02)
        self.out = nn.Linear(inner, 5)
        self.scale = nn.Parameter(torch.ones(2))
        self.dot = dot
        self.dropout = nn.Dropout(dropout)
        self.details = Details(size, inner)

    def forward(self, h):
        h = self.dropout(h)
        return h, {name: tagger(h) for name, tagger in self.taggers.items()}

    def read(self, h, tags, cues, position, mask):
        """Joint logits (cue, token, 5). cues: (window, token numbers of the cue)."""
        return self.read_all(h, tags, cues, position, mask)[0]

    def read_all(self, h, tags, cues, position, mask):
        """Joint logits, the reading they are made of (cue, token, inner), and the mean of each cue's h."""
        window = torch.tensor([k for k, _ in cues])
        member = torch.zeros(len(cues), h.shape[1])
        for row, (_, inside) in enumerate(cues):
            member[row, inside] = 1 / len(inside)
        pooled = torch.bmm(member.unsqueeze(1), h[window]).squeeze(1)
        anchors = torch.tensor([inside[0] for _, inside in cues])
        lasts = torch.tensor([inside[-1] for _, inside in cues])
        x = self.token(h)[window] + self.cue(pooled)[:, None] + self.relations(window, anchors, lasts, tags, position)
        x = F.relu(x) * mask[window].unsqueeze(-1)
        x = x + F.relu(self.around(x.transpose(1, 2)).transpose(1, 2))
        logits = self.out(self.dropout(x))
        key = self.key(h)[window].view(len(cues), -1, 2, self.dot)
        query = self.query(pooled).view(len(cues), 2, self.dot)
        dots = torch.einsum("ctkd,ckd->ctk", key, query) / math.sqrt(self.dot)
        prior = []
        for k, role in enumerate(("source", "content")):
            t = tags[role]
            prior.append((t[..., 1:] - t[..., :1])[window] * self.scale[k] + dots[..., k:k + 1])
        return logits + torch.cat([torch.zeros_like(logits[..., :1]), *prior], -1), x, pooled

    def relations(self, window, anchors, lasts, tags, position):
        tokens = torch.arange(position.shape[2])[None]
        d = torch.where(tokens < anchors[:, None], tokens - anchors[:, None], torch.clamp(tokens - lasts[:, None], min=0))
        size = torch.bucketize(d.abs(), torch.tensor(DISTANCES), right=True)
        distance = torch.where(d < 0, len(DISTANCES) + size, size)

        def step(values, low, high):
            values = values[window]
            return torch.clamp(values - values.gather(1, anchors[:, None]), low, high) - low
        r = self.relative
        # cues between: how much the count of likely cue beginnings changes from the cue to the token, itself left out
        begins = torch.softmax(tags["cue"].detach(), -1)[..., 1]
        count = torch.cumsum(begins, 1)[window]
        behind = count - count.gather(1, lasts[:, None])
        before = count.gather(1, anchors[:, None]) - begins[window].gather(1, anchors[:, None]) - count + begins[window]
        n = torch.where(d > 0, behind, torch.where(d < 0, before, torch.zeros_like(before))).clamp(min=0)
        between = torch.stack([n.clamp(max=1), (n - 1).clamp(0, 3)], -1)
        return r["distance"](distance) + r["sentence"](step(position[0], -3, 3)) + r["paragraph"](step(position[1], -2, 2)) \
            + r["marks"](step(position[2], -4, 4)) + self.between(between)


class Details(nn.Module):
    """What else is read of a cue: its act, whether it is negated, and the words of addressee, channel and via.

    Trained by `heads.py` when all other weights are fixed; until then they are what chance gave and no part of a run.
    """

    def __init__(self, size, inner):
        super().__init__()
        self.token, self.cue = nn.Linear(size, DETAIL), nn.Linear(size, DETAIL, bias=False)
        self.reading = nn.Linear(inner, DETAIL, bias=False)
        self.around = nn.Conv1d(DETAIL, DETAIL, 5, padding=2)
        nn.init.normal_(self.around.weight, std=0.02)
        self.spans = nn.Linear(DETAIL, 1 + 2 * len(SPANS))
        self.of_cue, self.act, self.negated = nn.Linear(size, DETAIL), nn.Linear(DETAIL, len(ACTS)), nn.Linear(DETAIL, 2)
        self.channel = nn.Linear(size, len(CHANNELS))
        self.dropout = nn.Dropout(0.2)
        for parameter in self.parameters():
            parameter.requires_grad_(False)

    def forward(self, h, reading, pooled, mask):
        """Scores of every token's labels (cue, token, none and B, I of each of `SPANS`), of acts and of negation.

        h: (cue, token, size), of the cue's window; mask: which tokens there are."""
        h, pooled = self.dropout(h), self.dropout(pooled)
        z = F.relu(self.token(h) + self.cue(pooled)[:, None] + self.reading(reading)) * mask.unsqueeze(-1)
        z = z + F.relu(self.around(z.transpose(1, 2)).transpose(1, 2))
        own = self.dropout(F.relu(self.of_cue(pooled)))
        return self.spans(self.dropout(z)), self.act(own), self.negated(own)


class Model(nn.Module):
    def __init__(self, config, encoder):
        super().__init__()
        self.config, self.encoder = config, encoder
        self.heads = Heads(encoder.size, config["inner"], config["dot"], config["dropout"])

    def forward(self, batch):
        return self.heads(self.encoder(batch))


CONFIGS = {
    "fast": {"kind": "fast", "width": 128, "hidden": 128, "dilations": [1, 2], "dropout": 0.2, "inner": 64, "dot": 16,
             "hashed": {"word": 48, "prefix": 16, "suffix": 24, "tail": 16}},
    "accurate": {"kind": "accurate", "dropout": 0.1, "inner": 128, "dot": 32},
}


def build(config, static=None, minilm=None):
    encoder = Fast(config, static) if config["kind"] == "fast" else Accurate(config, minilm)
    return Model(config, encoder)
