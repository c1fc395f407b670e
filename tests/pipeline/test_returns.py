"""Returns go with the latest earlier sale that has quantity left; what is left over goes with none."""
import random
from collections import Counter

from shop import Shop


def history(folder, moves):
    """Builds a project of (customer, day, quantity, product) moves at a pound each."""
    shop = Shop(folder)
    shop.ledger(*(f"{customer},{day},{quantity},{quantity},{product}" for customer, day, quantity, product in moves),
                header="customer,occurred_at,amount,quantity,product")
    shop.report = shop.build()
    return shop


def pairs(shop):
    """{(row of the return, row of the sale or None): quantity}"""
    rows = shop.rows("SELECT source_row, sale_row, paired_quantity FROM returns")
    assert len(rows) == len({(row["source_row"], row["sale_row"]) for row in rows})
    return {(row["source_row"], row["sale_row"]): row["paired_quantity"] for row in rows}


def test_a_return_goes_with_the_latest_earlier_sale(tmp_path):
    shop = history(tmp_path / "shop", [("a", "2024-01-01", 1, "x"), ("a", "2024-01-02", 1, "x"), ("a", "2024-01-03", -1, "x"),
                                       ("a", "2024-01-04", 1, "x")])
    assert pairs(shop) == {(3, 2): 1}


def test_a_sale_is_returned_only_once(tmp_path):
    shop = history(tmp_path / "shop", [("a", "2024-01-01", 2, "x"), ("a", "2024-01-02", 1, "x"), ("a", "2024-01-03", -1, "x"),
                                       ("a", "2024-01-04", -1, "x")])
    assert pairs(shop) == {(3, 2): 1, (4, 1): 1}


def test_a_large_return_is_spread_over_earlier_sales_and_the_rest_stays_unpaired(tmp_path):
    shop = history(tmp_path / "shop", [("a", "2024-01-01", 2, "x"), ("a", "2024-01-02", 3, "x"), ("a", "2024-01-03", -6, "x")])
    assert pairs(shop) == {(3, 2): 3, (3, 1): 2, (3, None): 1}


def test_without_an_earlier_sale_a_return_is_kept_unpaired(tmp_path):
    shop = history(tmp_path / "shop", [("a", "2024-01-01", -2, "x"), ("a", "2024-01-02", 5, "x"), ("b", "2024-01-01", 5, "x"),
                                       ("a", "2023-01-01", 5, "y"), ("", "2024-01-03", -1, "x")])
    assert pairs(shop) == {(1, None): 2, (5, None): 1}
    assert shop.report["money"]["amount_in"] == "12.00"


def test_what_was_never_sold_does_not_eat_later_sales(tmp_path):
    shop = history(tmp_path / "shop", [("a", "2024-01-01", -5, "x"), ("a", "2024-01-02", 2, "x"), ("a", "2024-01-03", -2, "x")])
    assert pairs(shop) == {(1, None): 5, (3, 2): 2}


def test_at_one_moment_the_sale_comes_first(tmp_path):
    shop = history(tmp_path / "shop", [("a", "2024-01-01", -1, "x"), ("a", "2024-01-01", 1, "x")])
    assert pairs(shop) == {(1, 2): 1}


def test_a_return_without_quantity_or_product_is_unpaired(shop):
    shop.ledger("a,2024-01-01,5,1,x", "a,2024-01-02,-5,,x", "a,2024-01-03,-5,-1,", header="customer,occurred_at,amount,quantity,product")
    shop.build()
    assert pairs(shop) == {(2, None): 0, (3, None): 1}


def test_lines_that_come_from_one_row_are_told_apart(shop):
    shop.write("data/orders.json", '{"customer": "a", "day": "2024-01-01", "lines": [1, -1, -2]}')
    shop.source("SELECT customer, day AS occurred_at, unnest(lines) AS amount, unnest(lines) AS quantity, 'x' AS product FROM 'data/orders.json'")
    shop.build()
    assert sorted(shop.column("SELECT paired_quantity FROM returns WHERE sale_row IS NULL")) == [2]
    assert shop.value("SELECT sum(paired_quantity) FROM returns") == 3


def simulate(moves):
    """The same by a stack of sales for each customer and product, in plain Python. Rows count from 1."""
    paired, stacks = Counter(), {}
    order = sorted(enumerate(moves, 1), key=lambda move: (move[1][1], move[1][2] < 0, move[0]))
    for row, (customer, _, quantity, product) in order:
        stack = stacks.setdefault((customer, product), [])
        if quantity > 0:
            stack.append([row, quantity])
        while quantity < 0:
            if not stack:
                paired[row, None] -= quantity
                break
            taken = min(stack[-1][1], -quantity)
            paired[row, stack[-1][0]] += taken
            stack[-1][1] -= taken
            quantity += taken
            if stack[-1][1] == 0:
                stack.pop()
    return dict(paired)


def test_random_histories_agree_with_a_stack(tmp_path):
    luck = random.Random(20260701)
    moves = [(luck.choice("abcdefghij"), f"2024-{luck.randint(1, 12):02}-{luck.randint(1, 28):02}",
              luck.choice([1, 1, 2, 3, 5, 8, -1, -1, -2, -4]), luck.choice("xyz")) for _ in range(4000)]
    shop = history(tmp_path / "shop", moves)
    assert pairs(shop) == simulate(moves)
    assert sum(pairs(shop).values()) == -sum(quantity for *_, quantity, _ in moves if quantity < 0)
