{
    "name": "Benchmark floor",
    "summary": "A bare route that stores the bytes it is given: what nothing beats",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "license": "LGPL-3",
    "author": "Maktab",
    "depends": ["base", "web"],
    "data": ["security/ir.model.access.csv"],
}
