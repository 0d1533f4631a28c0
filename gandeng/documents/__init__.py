"""Papers people read and sign: minutes of reconciliation and the workbook of exceptions."""
