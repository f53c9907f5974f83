DROP TABLE delivery_alert;
DROP TABLE delivery;
DROP TABLE target;
