"""Workbooks (XLSX) and CSV: tables read into cells, cells written so that nothing becomes a formula.

What is written here is read here unchanged. The only place that knows openpyxl.
"""

from idp.adapters.spreadsheets.cells import Cell, Table, TableRow, UnreadableTable, text_of
from idp.adapters.spreadsheets.csv_files import read_csv, write_csv
from idp.adapters.spreadsheets.reading import TableFormat, format_of, read_table
from idp.adapters.spreadsheets.xlsx_writing import Sheet, write_workbook

__all__ = [
    "Cell",
    "Sheet",
    "Table",
    "TableFormat",
    "TableRow",
    "UnreadableTable",
    "format_of",
    "read_csv",
    "read_table",
    "text_of",
    "write_csv",
    "write_workbook",
]
