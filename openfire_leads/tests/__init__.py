from . import beside
