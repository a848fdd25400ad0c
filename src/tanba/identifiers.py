"""Kazakhstan's business identification number (BIN, БСН, БИН): structure and check digit. Pure."""


def bin_is_valid(text: str) -> bool:
    """Whether `text` is a well-formed BIN.

    Twelve digits: year, month (01-12), kind of person (4 resident legal entity, 5 non-resident, 6 joint sole trader), …, check digit.

    >>> bin_is_valid("190140999998"), bin_is_valid("190140999997")
    (True, False)
    """
    if not (len(text) == 12 and text.isascii() and text.isdigit()):
        return False
    return 1 <= int(text[2:4]) <= 12 and text[4] in "456" and check_digit(text[:11]) == int(text[11])


def check_digit(eleven: str) -> int | None:
    """The twelfth digit: weights 1…11 modulo 11; where that gives 10, weights 3…11, 1, 2; None where that gives 10 again."""
    for weights in (range(1, 12), (*range(3, 12), 1, 2)):
        rest: int = sum(weight * int(digit) for weight, digit in zip(weights, eleven, strict=True)) % 11
        if rest != 10:
            return rest
    return None
