"""Fitting and scoring: patron's models beside lifetimes on the same customers, one thread, CPU seconds."""
import json
import shutil
import subprocess

from measure import ONE_THREAD, PROGRAMS, ROOT, Failed, Run, least, made

MODELS = ("pareto_nbd", "bg_nbd", "mbg_nbd")
KINDS = ("weekly", "daily", "dense")
PEER_AT_MOST = 30 # seconds that a run of a peer may take before it is run once only
# customers of a kind on which the limit of the seconds of a Pareto/NBD fit is said
FIT_LIMITS = {("weekly", 1_000_000): 0.15, ("daily", 20_000_000): 1.5, ("dense", 1_000_000): 10}


def customers(work, kind, n):
    return made(work, f"{kind}_{n}.f64", "make_customers", kind, n, 1)


def fetch_lifetimes(table):
    done = subprocess.run([ROOT / "bench" / "fetch_lifetimes"], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return done.stdout.strip().splitlines()[-1]
    table.skip("lifetimes", done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "cannot be had")
    return None


def time_lifetimes(python, file, model, shape):
    """The seconds of three runs; of one, when that takes long. A peer that fails says why."""
    def runs(n):
        return json.loads(Run(python, ROOT / "bench" / "lifetimes_fit.py", file, model, shape, n, env=ONE_THREAD).out)
    try:
        answer = runs(1)
        if not answer["error"] and answer["seconds"][0] < PEER_AT_MOST:
            answer["seconds"] += runs(2)["seconds"]
    except Failed as failed:
        return {"error": str(failed)[-80:], "seconds": []}
    return answer


def shapes(model, kind, n):
    """What of lifetimes is tried: rows as documented, where that ends within a minute, and states, which is faster where states
    are shared. Of a million dense customers it has neither."""
    rows = n <= (10_000 if model == "pareto_nbd" and kind != "dense" else 100_000 if model == "pareto_nbd" else 1_000_000)
    return [shape for shape, tried in (("rows", rows), ("states", kind != "dense")) if tried]


def compare(table, work, python, model, kind, n):
    file = customers(work, kind, n)
    ours = json.loads(Run(PROGRAMS / "fit_models", file, model, 5 if n < 5_000_000 else 3, env=ONE_THREAD).out)
    both = [g + f for g, f in zip(ours["grouping"], ours["fit"])]
    name = f"{model}, {kind}, {n:,} customers, {ours['states']:,} states"
    where = f"{ours['status']}, log-likelihood {ours['log_likelihood']:.2f}"
    theirs, said = [], []
    for shape in shapes(model, kind, n) if python else ():
        answer = time_lifetimes(python, file, model, shape)
        if answer["error"]:
            said.append(f"lifetimes on {shape}: {answer['error']}")
        else:
            theirs.append(min(answer["seconds"]))
            said.append(f"lifetimes on {shape} {least(answer['seconds'])}")
    ratio = min(theirs) / min(both) if theirs else None
    judged = model == "pareto_nbd" and ratio
    table.add(f"grouping + fit: {name}", least(both), "; ".join(said), f"{ratio:.0f} ×" if ratio else "",
              "≥ 50 × less than the peer's best" if judged else "", ratio >= 50 if judged else None)
    limit = FIT_LIMITS.get((kind, n)) if model == "pareto_nbd" else None
    if limit:
        table.add(f"fit alone: {name}", least(ours["fit"]), where, "", f"≤ {limit}", min(ours["fit"]) <= limit)


def bench_fit(table, work, large):
    python = fetch_lifetimes(table)
    table.skip("CLVTools", "compared by hand only: it takes transactions, these are states" if shutil.which("Rscript") else
               "there is no R on this machine")
    for n in (10_000, 100_000, 1_000_000):
        for kind in KINDS:
            for model in MODELS:
                minutes = model == "pareto_nbd" and kind == "daily" and n == 1_000_000 # a run of lifetimes takes as long
                compare(table, work, python if large or not minutes else None, model, kind, n)
    if large:
        for model in MODELS:
            compare(table, work, None, model, "daily", 20_000_000)


def bench_score(table, work, large):
    del large
    for model in MODELS:
        answer = json.loads(Run(PROGRAMS / "fit_models", customers(work, "dense", 1_100_000), model, 3, "score", env=ONE_THREAD).out)
        table.add(f"score: {model}, {answer['states']:,} distinct states", least(answer["score"]),
                  "expected purchases, p_alive, p_buys, residual, 80 % interval", "", "≤ 2", min(answer["score"]) <= 2)
