"""The requests that a cell, a difference or an exercise speaks about, and what they are answered.

    rows, calling_principals        what a row fixes, and who makes its requests
    condition_key_table             which condition keys a request has, and what they can be
    admission                       whether a row's requests include a given one: the definition
    resource_spaces, resource_names, text_classes, key_values, points, times
                                    one value for each class that statements can tell apart
    request_parts                   the parts of a request, and the choices of each
    search, reachability, decider   which outcomes the choices reach
    witnesses, cells, flips         a request for each outcome, and for each difference
    action_likeness, cell_survey    the same for all actions at once, a search for each class
    questions, answer, ask, survey  one call about an example, and the faces of a table
    evaluate_lines                  a witness as a line for `mfa-lab evaluate`

The search only finds requests; `evaluate` decides every one that is shown.
"""
