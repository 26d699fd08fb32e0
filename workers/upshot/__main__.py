from upshot.cli import app

app()
