"""lifetimes on make_customers' file: lifetimes_fit.py FILE MODEL rows|states RUNS. Prints one JSON object.

rows: the fit as its documentation shows it, a row a customer. states: customers grouped by pandas first, then fitted with weights,
which it also accepts and which is faster; the grouping is in the seconds. Runs in the environment that bench/fetch_lifetimes makes;
bench/models.py starts it, with one thread."""
import json
import sys
import time
import warnings

import lifetimes
import numpy
import pandas

FITTERS = {"pareto_nbd": lifetimes.ParetoNBDFitter, "bg_nbd": lifetimes.BetaGeoFitter, "mbg_nbd": lifetimes.ModifiedBetaGeoFitter}

warnings.simplefilter("ignore")
file, model, shape, runs = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
x, t_x, T = numpy.fromfile(file).reshape(3, -1)
customers = pandas.DataFrame({"x": x, "t_x": t_x, "T": T})
seconds, error = [], None
for _ in range(runs):
    fitter = FITTERS[model]()
    begin = time.process_time()
    try:
        if shape == "states":
            states = customers.groupby(["x", "t_x", "T"]).size().reset_index(name="customers")
            fitter.fit(states.x, states.t_x, states["T"], weights=states.customers)
        else:
            fitter.fit(customers.x, customers.t_x, customers["T"])
    except Exception as e: # it says so when it does not converge
        error = type(e).__name__
        seconds.append(time.process_time() - begin)
        break
    seconds.append(time.process_time() - begin)
print(json.dumps({"seconds": seconds, "error": error, "version": lifetimes.__version__,
                  "parameters": {} if error else {name: float(value) for name, value in fitter.params_.items()}}))
