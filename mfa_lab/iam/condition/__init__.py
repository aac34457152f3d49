"""The Condition element: its tests, operators, values and policy variables."""
