"""Problems read as file:line: path: message; an input error shows ten and counts the rest."""

from harness.errors import InputError, Problem, TagrailError


def test_a_problem_shows_file_line_path_and_message() -> None:
    assert str(Problem("a.yaml", 3, "tags.team", "must be text")) == "a.yaml:3: tags.team: must be text"


def test_line_zero_means_the_whole_file() -> None:
    assert str(Problem("a.yaml", 0, "", "must exist")) == "a.yaml: must exist"


def test_ten_problems_are_all_shown() -> None:
    error = InputError(Problem("a.yaml", line, "", "must hold") for line in range(1, 11))
    assert str(error).count("\n") == 9
    assert "more" not in str(error)


def test_past_ten_the_rest_is_counted() -> None:
    error = InputError(Problem("a.yaml", line, "", "must hold") for line in range(1, 14))
    assert str(error).split("\n")[9:] == ["a.yaml:10: must hold", "and 3 more"]


def test_problems_are_sorted_by_file_and_line_as_numbers() -> None:
    error = InputError([Problem("b", 1, "", "m"), Problem("a", 10, "", "m"), Problem("a", 9, "", "m")])
    assert [(problem.file, problem.line) for problem in error.problems] == [("a", 9), ("a", 10), ("b", 1)]


def test_the_same_problem_is_named_once() -> None:
    assert len(InputError([Problem("a", 1, "", "m")] * 2).problems) == 1


def test_bad_input_exits_with_two() -> None:
    assert (TagrailError.exit_code, InputError.exit_code) == (2, 2)
