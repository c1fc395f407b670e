"""Simulate, fit, recover: 200 seeds of 10,000 customers for every model, judged by the binomial band."""
import json
import math

from accuracy import band
from measure import PROGRAMS, Run

SEEDS = 200


def bench_recovery(table, work, large):
    del work, large
    low, high = band(SEEDS, 0.95)
    models = {}
    for line in Run(PROGRAMS / "recover", SEEDS).out.splitlines():
        found = json.loads(line)
        models.setdefault(found["model"], []).append(found)
    for model, parameters in models.items():
        bias = max(abs(p["mean"]) for p in parameters)
        said, limit, passes = f"mean z {bias:.2f} or less", f"mean z within {4 / math.sqrt(SEEDS):.2f}", bias <= 4 / math.sqrt(SEEDS)
        if parameters[0]["inside"] is not None: # the fit gives standard errors
            said += ", its deviation " + " ".join(f"{p['sd']:.2f}" for p in parameters)
            said += f"; of {SEEDS} intervals held " + ", ".join(f"{p['parameter']} {p['inside']}" for p in parameters)
            limit += f", deviation .85 to 1.15, {low} to {high} held"
            passes = passes and all(0.85 <= p["sd"] <= 1.15 and low <= p["inside"] <= high for p in parameters)
        table.add(f"recover: {model}, {SEEDS} seeds of 10,000 customers", "", said, "", limit, passes)
