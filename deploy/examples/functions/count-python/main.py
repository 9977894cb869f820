"""Counts slowly: each line reaches the caller when it is made. curl -N the function's URL with ?to=5"""

import time


def handler(request):
    for number in range(1, 1 + int(((request or {}).get("query") or {}).get("to", 3))):
        yield f"{number}\n"
        time.sleep(0.5)
